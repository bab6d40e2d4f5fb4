import { X509Certificate } from 'node:crypto';
import { publicKeyPin } from '../kernel/public-key-pin.js';

/** What a server shows: its certificate, those that lead to its authority, and its key; PEM. */
export interface ServedCertificate {
  chain: string;
  key: string;
  /** Of the authority, when the chain ends with it; a chain that ends earlier is one that the system's roots vouch for. */
  pin?: string;
}

/** Where the certificate comes from; asked again and again, so that a new one is served without a restart. */
export abstract class CertificateSource {
  /** Throws FleetError where there is none that can be served. */
  abstract read(): Promise<ServedCertificate>;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

export function certificatesOf(chain: string): X509Certificate[] {
  return [...chain.matchAll(CERTIFICATE)].map(([pem]) => new X509Certificate(pem));
}

/** The pin of a chain's last certificate if that one signed itself. */
export function authorityPin(certificates: readonly X509Certificate[]): string | undefined {
  const last = certificates.at(-1);
  if (last === undefined || last.subject !== last.issuer || !last.verify(last.publicKey)) return undefined;
  return publicKeyPin(last.publicKey.export({ type: 'spki', format: 'der' }));
}
