import fs from 'node:fs';
import path from 'node:path';
import { digestBytes } from '../../kernel/digest.js';
import type { Unprivileged } from './postgres-binaries.js';

const SHELTER = '/var/lib';

/**
 * Where the server's own files lie: the data folder, unless the hub runs as root and its server, which does not, could
 * not get there (a folder below root's private home). Then a folder under /var/lib that belongs to this data folder.
 */
export function serverFolder(dataDir: string, user: Unprivileged, shelter = SHELTER): string {
  if (user.uid === undefined || isOpenTo(path.dirname(dataDir), user.uid)) return dataDir;
  const folder = path.join(
    shelter,
    `fleetwright-${digestBytes(dataDir).slice('sha256:'.length, 'sha256:'.length + 12)}`,
  );
  fs.mkdirSync(folder, { recursive: true, mode: 0o711 });
  return folder;
}

/** Whether a user may pass through a folder and all above it. Groups are left out: none is given to the server. */
function isOpenTo(folder: string, uid: number): boolean {
  const { mode, uid: owner } = fs.statSync(folder);
  const passable = owner === uid ? (mode & 0o100) !== 0 : (mode & 0o001) !== 0;
  const parent = path.dirname(folder);
  return passable && (parent === folder || isOpenTo(parent, uid));
}
