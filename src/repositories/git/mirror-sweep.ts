import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { mirrorsToDrop, type MirrorLimits, type StoredMirror } from '../domain/mirror-budget.js';
import { MirrorFolder } from './mirror-folder.js';

export interface SweepRequest {
  directory: string;
  /** Names of the folders whose repositories somebody reads. */
  read: ReadonlySet<string>;
  limits: MirrorLimits;
  now: Date;
}

export interface SweepOutcome {
  /** Names of the folders that were removed. */
  dropped: string[];
  /** Bytes of the mirrors that stay. */
  bytes: number;
}

/** Removes mirrors that nobody reads, as far as their age or the space they take asks for it. */
export async function sweepMirrors({ directory, read, limits, now }: SweepRequest): Promise<SweepOutcome> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.git'));
  const mirrors: StoredMirror[] = [];
  for (const name of names) {
    const folder = new MirrorFolder(join(directory, name));
    const usedAt = (await folder.usedAt(now)).getTime();
    mirrors.push({ name, usedAt, bytes: await bytesBelow(folder.path), isRead: read.has(name) });
  }
  const dropped = mirrorsToDrop(mirrors, limits, now.getTime());
  for (const { name } of dropped) {
    const folder = new MirrorFolder(join(directory, name));
    await folder.hold(() => folder.discard());
  }
  const stays = mirrors.filter((mirror) => !dropped.includes(mirror));
  return { dropped: dropped.map(({ name }) => name), bytes: stays.reduce((sum, { bytes }) => sum + bytes, 0) };
}

async function bytesBelow(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (!entry.isFile()) continue;
    // git removes its own files while we look.
    const found = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
    bytes += found?.size ?? 0;
  }
  return bytes;
}
