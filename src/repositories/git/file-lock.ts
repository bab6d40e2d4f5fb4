import { link, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

export interface FileLockOptions {
  /** A holder that has not touched its lock for this long is dead, wherever it ran. */
  staleMs?: number;
  retryMs?: number;
}

interface Holder {
  host: string;
  pid: number;
}

/**
 * One holder at a time among processes that share a folder. A holder that was killed leaves its file behind; it is
 * taken over once the process is gone or the file has grown old. What it guards must itself be atomic: the lock saves
 * work, git's own locks keep the mirror whole.
 */
export class FileLock {
  constructor(
    private readonly path: string,
    private readonly options: FileLockOptions = {},
  ) {}

  async hold<T>(work: () => Promise<T>): Promise<T> {
    await this.acquire();
    const heartbeat = setInterval(() => void this.touch(), this.staleMs() / 4);
    heartbeat.unref();
    try {
      return await work();
    } finally {
      clearInterval(heartbeat);
      await rm(this.path, { force: true });
    }
  }

  private async acquire(): Promise<void> {
    while (!(await this.tryCreate())) {
      if (await this.isStale()) await this.remove();
      else await sleep(this.options.retryMs ?? 50);
    }
  }

  private async tryCreate(): Promise<boolean> {
    const holder: Holder = { host: hostname(), pid: process.pid };
    try {
      const file = await open(this.path, 'wx');
      await file.writeFile(JSON.stringify(holder));
      await file.close();
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  private async isStale(): Promise<boolean> {
    const found = await stat(this.path).catch(() => undefined);
    if (found === undefined) return false;
    const age = Date.now() - found.mtimeMs;
    if (age > this.staleMs()) return true;
    // Just created, its holder not written yet.
    if (Math.abs(age) < 1000) return false;
    const holder = await this.holder();
    return holder !== undefined && holder.host === hostname() && !isAlive(holder.pid);
  }

  private async holder(): Promise<Holder | undefined> {
    try {
      return JSON.parse(await readFile(this.path, 'utf8')) as Holder;
    } catch {
      return undefined;
    }
  }

  // By rename, so that of two processes finding the same dead lock one removes it and the other finds nothing.
  private async remove(): Promise<void> {
    const aside = `${this.path}.${process.pid}.stale`;
    try {
      await rename(this.path, aside);
      const moved = await stat(aside);
      // Someone took the lock between our look and our rename: give it back unless it was taken anew.
      if (Math.abs(Date.now() - moved.mtimeMs) < 1000) await link(aside, this.path).catch(() => undefined);
      await rm(aside, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  private async touch(): Promise<void> {
    const now = new Date();
    await utimes(this.path, now, now).catch(() => undefined);
  }

  private staleMs(): number {
    return this.options.staleMs ?? 60_000;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
