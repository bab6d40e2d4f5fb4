import { createHash, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { bits, explicit, implicit, integer, octets, oid, sequence, set, text, time, yes } from './der.js';

export interface Validity {
  notBefore: Date;
  notAfter: Date;
}

export interface CertificateRequest extends Validity {
  /** The common name. */
  subject: string;
  issuer: string;
  /** P-256, whose certificate this is. */
  publicKey: KeyObject;
  /** P-256; of an authority's own certificate the same key. */
  signedWith: { publicKey: KeyObject; privateKey: KeyObject };
  /** DNS names and addresses of a server; none makes the certificate one of an authority. */
  names: readonly string[];
}

const OID = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
};
const VERSION_3 = Buffer.from([2]);
const SERIAL_BYTES = 16;
const KEY_CERT_SIGN = Buffer.from([0b0000_0100]);
const DIGITAL_SIGNATURE = Buffer.from([0b1000_0000]);

/** An X.509 certificate (RFC 5280) in PEM: of an authority that signs servers only, or of a server. */
export function issueCertificate(request: CertificateRequest): string {
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const body = sequence(
    explicit(0, integer(VERSION_3)),
    integer(randomBytes(SERIAL_BYTES)),
    algorithm,
    nameOf(request.issuer),
    sequence(time(request.notBefore), time(request.notAfter)),
    nameOf(request.subject),
    spkiOf(request.publicKey),
    explicit(3, sequence(...extensionsOf(request))),
  );
  const signature = sign('sha256', body, request.signedWith.privateKey);
  return pem(sequence(body, algorithm, bits(signature)));
}

function nameOf(commonName: string): Buffer {
  return sequence(set(sequence(oid(OID.commonName), text(commonName))));
}

function extensionsOf({ publicKey, signedWith, names }: CertificateRequest): Buffer[] {
  const subjectKey = extension(OID.subjectKeyIdentifier, octets(keyIdentifier(publicKey)));
  if (names.length === 0) {
    const onlyServersBelow = sequence(yes(), integer(Buffer.from([0])));
    return [
      subjectKey,
      critical(OID.basicConstraints, onlyServersBelow),
      critical(OID.keyUsage, bits(KEY_CERT_SIGN, 2)),
    ];
  }
  return [
    subjectKey,
    extension(OID.authorityKeyIdentifier, sequence(implicit(0, keyIdentifier(signedWith.publicKey)))),
    critical(OID.basicConstraints, sequence()),
    critical(OID.keyUsage, bits(DIGITAL_SIGNATURE, 7)),
    extension(OID.extendedKeyUsage, sequence(oid(OID.serverAuth))),
    extension(OID.subjectAltName, sequence(...names.map(alternativeName))),
  ];
}

const extension = (id: string, value: Buffer): Buffer => sequence(oid(id), octets(value));
const critical = (id: string, value: Buffer): Buffer => sequence(oid(id), yes(), octets(value));

function alternativeName(name: string): Buffer {
  return isIP(name) === 0 ? implicit(2, Buffer.from(name, 'ascii')) : implicit(7, addressBytes(name));
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  // The URL parser writes any spelling, dotted tails included, in groups of hex digits.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  const known = [...head, ...(tail ?? [])];
  const groups = [...head, ...Array<string>(8 - known.length).fill('0'), ...(tail ?? [])];
  return Buffer.concat(groups.map((group) => Buffer.from(group.padStart(4, '0'), 'hex')));
}

/** RFC 7093 method 1: it only has to be the same wherever the key is named. */
function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha256').update(spkiOf(key)).digest().subarray(0, 20);
}

function spkiOf(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' });
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
