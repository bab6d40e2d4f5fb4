import { createCipheriv, createDecipheriv } from 'node:crypto';
import { FleetError } from './errors.js';
import type { Ids } from './ids.js';

/** A 32-byte key and the name that sealed texts carry, so that keys can be changed while old texts stay readable. */
export interface SealKey {
  id: string;
  key: Uint8Array;
}

const FORMAT = 'sealed.1';
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Keeps secrets unreadable in rows and files (AES-256-GCM). Each text is bound to a context, such as the row it belongs
 * to: moved elsewhere, it does not open.
 */
export class Sealer {
  /** The first key seals; all of them open. */
  constructor(
    private readonly keys: readonly [SealKey, ...SealKey[]],
    private readonly ids: Ids,
  ) {
    for (const { id, key } of keys) {
      if (key.length !== 32) throw new Error(`seal key "${id}" has ${key.length} bytes, it must have 32`);
      if (!/^[A-Za-z0-9_-]+$/.test(id)) throw new Error(`"${id}" is no name for a seal key: letters, digits, - and _`);
    }
  }

  /** `sealed.1.<key id>.<iv>.<ciphertext and tag>`. */
  seal(plain: string, context: string): string {
    const [{ id, key }] = this.keys;
    const iv = Buffer.from(this.ids.secret(IV_BYTES), 'base64url');
    const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(associated(id, context));
    const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return [FORMAT, id, iv.toString('base64url'), sealed.toString('base64url')].join('.');
  }

  /**
   * Throws SEAL_UNKNOWN_KEY, or SEAL_BROKEN where the text was changed, moved to another context, or is none of ours. Both
   * name the context, so it holds nothing secret.
   */
  unseal(text: string, context: string): string {
    const { id, iv, sealed } = parse(text, context);
    const key = this.keys.find((candidate) => candidate.id === id)?.key;
    if (key === undefined) {
      const hint = 'Give the hub the key this text was sealed with, beside the new one.';
      throw new FleetError(
        'precondition',
        'SEAL_UNKNOWN_KEY',
        `${context} is sealed with the key "${id}", which this hub does not have`,
        { hint },
      );
    }
    const tagAt = sealed.length - TAG_BYTES;
    try {
      const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(associated(id, context));
      decipher.setAuthTag(sealed.subarray(tagAt));
      return Buffer.concat([decipher.update(sealed.subarray(0, tagAt)), decipher.final()]).toString('utf8');
    } catch {
      throw broken(context);
    }
  }
}

export function isSealed(text: string): boolean {
  return text.startsWith(`${FORMAT}.`);
}

function parse(text: string, context: string): { id: string; iv: Buffer; sealed: Buffer } {
  const parts = isSealed(text) ? text.slice(FORMAT.length + 1).split('.') : [];
  const [id = '', iv = '', sealed = ''] = parts;
  const found = { id, iv: Buffer.from(iv, 'base64url'), sealed: Buffer.from(sealed, 'base64url') };
  if (parts.length !== 3 || found.iv.length !== IV_BYTES || found.sealed.length < TAG_BYTES) throw broken(context);
  return found;
}

function associated(keyId: string, context: string): Buffer {
  return Buffer.from(JSON.stringify([FORMAT, keyId, context]), 'utf8');
}

function broken(context: string): FleetError {
  const message = `the sealed text of ${context} was changed, moved or cut: it does not open`;
  return new FleetError('precondition', 'SEAL_BROKEN', message);
}
