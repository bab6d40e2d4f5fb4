import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  freePort,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/database/embedded/embedded-postgres.js';

const TRIES = 100;
const run = promisify(execFile);

/** A Postgres of a spec's own, to be killed and started again on its folder and port. */
export class OwnPostgres {
  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private server: EmbeddedPostgres,
  ) {}

  static async start(): Promise<OwnPostgres> {
    const folder = await mkdtemp(join(tmpdir(), 'fleetwright-postgres-'));
    const port = await freePort();
    return new OwnPostgres(folder, port, await open(folder, port));
  }

  get url(): string {
    return this.server.url;
  }

  /** kill -9 of the postmaster; its children follow when they notice. */
  kill(): void {
    process.kill(this.server.pid, 'SIGKILL');
  }

  /** Ends every connection and writes everything down. */
  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Children of a killed postmaster keep its memory and its port for a moment: a new one then ends at once. */
  async restart(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        this.server = await open(this.folder, this.port);
        return;
      } catch (error) {
        if (tries === TRIES || !String(error).includes('exited with')) throw error;
        await sleep(50);
      }
    }
  }

  /** Stops it and keeps a copy of everything, as a snapshot of its disk does; `restart` goes on. */
  async backUp(): Promise<void> {
    await this.server.stop();
    await run('cp', ['-a', this.folder, this.backup]);
  }

  /** The copy takes the place of what came after it. */
  async restoreBackup(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
    await run('cp', ['-a', this.backup, this.folder]);
    await this.restart();
  }

  async remove(): Promise<void> {
    await this.server.stop();
    for (const folder of [this.folder, this.backup]) await rm(folder, { recursive: true, force: true });
  }

  private get backup(): string {
    return `${this.folder}.backup`;
  }
}

/** What is committed survives a killed process without fsync; only a lost machine needs that. */
function open(dataDir: string, port: number): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ dataDir, port, settings: { fsync: 'off' } });
}
