import { createPrivateKey, type X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Clock } from '../kernel/clock.js';
import { FleetError, messageOf } from '../kernel/errors.js';
import { authorityPin, CertificateSource, certificatesOf, type ServedCertificate } from './served-certificate.js';

export interface CertificatePaths {
  cert: string;
  key: string;
}

/** A certificate that somebody else makes and renews (cert-manager, an admin), by the paths of its files. */
export class CertificateFiles extends CertificateSource {
  constructor(
    private readonly paths: CertificatePaths,
    private readonly clock: Clock,
  ) {
    super();
  }

  async read(): Promise<ServedCertificate> {
    const [chain, key] = await Promise.all([readText(this.paths.cert), readText(this.paths.key)]);
    const certificates = this.check(chain, key);
    const pin = authorityPin(certificates);
    return pin === undefined ? { chain, key } : { chain, key, pin };
  }

  private check(chain: string, key: string) {
    const { paths } = this;
    const certificates = parsed(paths.cert, () => certificatesOf(chain));
    const [leaf] = certificates;
    if (leaf === undefined) throw unusable(`${paths.cert} holds no certificate in PEM`);
    const privateKey = parsed(paths.key, () => createPrivateKey(key));
    if (!leaf.checkPrivateKey(privateKey)) throw unusable(`the key in ${paths.key} is not that of ${paths.cert}`);
    this.refuseDates(leaf);
    return certificates;
  }

  private refuseDates({ validFrom, validTo }: X509Certificate): void {
    const now = this.clock.now();
    const says = `, and this machine's clock says ${now.toISOString()}`;
    if (new Date(validTo) <= now) throw unusable(`${this.paths.cert} expired on ${validTo}${says}`);
    if (new Date(validFrom) > now) throw unusable(`${this.paths.cert} is not valid before ${validFrom}${says}`);
  }
}

function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw unusable(`cannot read ${path}: ${messageOf(error)}`);
  });
}

function parsed<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw unusable(`${path} cannot be used: ${messageOf(error)}`);
  }
}

function unusable(message: string): FleetError {
  return new FleetError('precondition', 'TLS_FILES', message, {
    hint: 'Look at the files that FLEETWRIGHT_TLS_CERT and FLEETWRIGHT_TLS_KEY name.',
  });
}
