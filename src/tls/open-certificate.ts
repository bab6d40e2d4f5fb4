import { join } from 'node:path';
import type { Clock } from '../kernel/clock.js';
import type { Log } from '../kernel/log.js';
import { CertificateFiles, type CertificatePaths } from './certificate-files.js';
import { CertificateKeeper } from './certificate-keeper.js';
import { OwnAuthority } from './own-authority.js';
import { OwnCertificate } from './own-certificate.js';

export type CertificateOrigin =
  { from: 'off' } | ({ from: 'files' } & CertificatePaths) | { from: 'own'; names: readonly string[] };

/** The certificate that a hub serves, as it is configured; undefined where it speaks plain HTTP. */
export async function openCertificate(
  origin: CertificateOrigin,
  { dataDir, clock, log }: { dataDir: string; clock: Clock; log: Log },
): Promise<CertificateKeeper | undefined> {
  switch (origin.from) {
    case 'off':
      return undefined;
    case 'files':
      return CertificateKeeper.open(new CertificateFiles(origin, clock), log);
    case 'own': {
      const authority = await OwnAuthority.open(join(dataDir, 'tls'), clock);
      return CertificateKeeper.open(new OwnCertificate(authority, origin.names, clock), log);
    }
  }
}
