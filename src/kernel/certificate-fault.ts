/** Why a server's certificate was not believed: nobody trusted vouches for it, its dates, or its names. */
export type CertificateFault = 'untrusted' | 'dates' | 'names' | 'other';

const DATES = new Set(['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED']);
const UNTRUSTED = /^(DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|UNABLE_TO_)/;

/** Judges the code of a failed TLS handshake (OpenSSL's names, as node passes them on); undefined for other failures. */
export function certificateFault(code: string | undefined): CertificateFault | undefined {
  if (code === undefined) return undefined;
  if (DATES.has(code)) return 'dates';
  if (UNTRUSTED.test(code)) return 'untrusted';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'names';
  return /^(CERT_|ERR_TLS_CERT)/.test(code) ? 'other' : undefined;
}
