import { createHash } from 'node:crypto';
import { canonicalJson } from './json.js';

/** `sha256:<hex>` of bytes; the only digest spelling in rows, URLs and messages. */
export function digestBytes(bytes: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Digest of a JSON value by its canonical text. */
export function digestJson(value: unknown): string {
  return digestBytes(canonicalJson(value));
}

/** Bare hex digest by an algorithm that a user's template asks for; for anything of our own use digestBytes. */
export function hexDigest(algorithm: 'sha1' | 'sha256' | 'sha512', text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}
