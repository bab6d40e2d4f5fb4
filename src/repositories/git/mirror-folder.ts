import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileLock } from './file-lock.js';

/** Where one mirror lies: whole or not at all, whatever is killed, and written by one process at a time. */
export class MirrorFolder {
  constructor(
    /** The bare repository; its parent exists. */
    readonly path: string,
  ) {}

  exists(): boolean {
    return existsSync(this.path);
  }

  /** Runs what changes the mirror. */
  hold<T>(work: () => Promise<T>): Promise<T> {
    return new FileLock(`${this.path}.lock`).hold(work);
  }

  /** When somebody last read it; a mirror that does not tell counts as used now. */
  async usedAt(now: Date): Promise<Date> {
    const found = await stat(this.marker).catch(() => undefined);
    if (found !== undefined) return found.mtime;
    this.markUsed(now);
    return now;
  }

  /** Kept in the mirror itself, so that other processes and the next one know. At once: nothing is left under way. */
  markUsed(now: Date): void {
    try {
      writeFileSync(this.marker, '');
      utimesSync(this.marker, now, now);
    } catch {
      // Not cloned yet, or just being removed.
    }
  }

  /** By rename of a finished repository, so that a killed process leaves no half of one. Called under the lock. */
  async create(fill: (folder: string) => Promise<unknown>): Promise<void> {
    if (existsSync(join(this.path, 'HEAD'))) return;
    await this.removeLeftovers();
    const fresh = await mkdtemp(`${this.path}.new-`);
    await fill(fresh);
    await rm(this.path, { recursive: true, force: true });
    await rename(fresh, this.path);
  }

  /** Readers that have files open go on reading them. Called under the lock. */
  async discard(): Promise<void> {
    if (this.exists()) await rename(this.path, await mkdtemp(`${this.path}.old-`));
    await this.removeLeftovers();
  }

  private get marker(): string {
    return join(this.path, 'used');
  }

  private async removeLeftovers(): Promise<void> {
    const folder = dirname(this.path);
    const starts = [`${basename(this.path)}.new-`, `${basename(this.path)}.old-`];
    const leftovers = (await readdir(folder)).filter((name) => starts.some((start) => name.startsWith(start)));
    await Promise.all(leftovers.map((name) => rm(join(folder, name), { recursive: true, force: true })));
  }
}
