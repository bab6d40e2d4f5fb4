import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { FleetError, messageOf } from '../kernel/errors.js';

/** Enough for keys, certificates and the pages that a database writes before it can say why it cannot start. */
const PROBE = Buffer.alloc(256 * 1024, 1);

const REASONS: Readonly<Record<string, { why: string; hint: string }>> = {
  ENOSPC: { why: 'the disk is full', hint: 'Free space on that disk, or enlarge it; nothing was changed.' },
  EDQUOT: { why: 'the quota is used up', hint: 'Free space there, or raise the quota; nothing was changed.' },
  EROFS: { why: 'the disk is read-only', hint: 'Mount a volume there that can be written to.' },
  EACCES: { why: 'this user may not write there', hint: 'Give the folder to the user that the hub runs as.' },
  EPERM: { why: 'this user may not write there', hint: 'Give the folder to the user that the hub runs as.' },
  ENOTDIR: { why: 'part of its path is a file', hint: 'Choose another folder.' },
  EEXIST: { why: 'it is a file', hint: 'Choose another folder.' },
};

/** Makes the folder and proves that it can be written to. Throws DATA_FOLDER_UNUSABLE with what to do. */
export function prepareDataFolder(dataDir: string): void {
  const folder = path.resolve(dataDir);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o711 });
    writeThrough(path.join(folder, `.probe-${process.pid}`));
  } catch (error) {
    const { why, hint } = REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? { why: messageOf(error), hint: '' };
    throw new FleetError('precondition', 'DATA_FOLDER_UNUSABLE', `cannot write to the data folder ${folder}: ${why}`, {
      hint: `${hint} FLEETWRIGHT_DATA_DIR names the folder.`.trim(),
    });
  }
}

function writeThrough(file: string): void {
  const handle = openSync(file, 'w', 0o600);
  try {
    writeFileSync(handle, PROBE);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
    rmSync(file, { force: true });
  }
}
