import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { digestBytes } from '../kernel/digest.js';
import type { SealKey } from '../kernel/seal.js';
import { ConfigError, type HubConfig } from './hub-config.js';

const FILE = 'encryption.key';

/** The key that credentials are sealed with: the configured one, or one made once in the data folder, mode 0600. */
export function loadSealKey({ encryptionKey, dataDir }: HubConfig): SealKey {
  const key = encryptionKey ?? storedKey(path.resolve(dataDir));
  return { id: digestBytes(key).slice('sha256:'.length, 'sha256:'.length + 12), key };
}

function storedKey(folder: string): Uint8Array {
  const file = path.join(folder, FILE);
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = Buffer.from(readFileSync(file, 'utf8'), 'base64');
  if (key.length !== 32) throw new ConfigError([`${file} does not hold 32 bytes in base64; restore it from a backup`]);
  return new Uint8Array(key);
}
