import { digestBytes } from './digest.js';

export const PUBLIC_KEY_PIN = /^[0-9a-f]{64}$/;

/** Names an authority by its public key (SPKI in DER): the same after its certificate was made anew. */
export function publicKeyPin(spki: Uint8Array): string {
  return digestBytes(spki).slice('sha256:'.length);
}
