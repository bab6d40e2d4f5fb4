import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitMirrorsOptions } from '../../src/repositories/git/git-mirrors-options.js';
import { GitMirrors } from '../../src/repositories/git/git-mirrors.js';
import { HeldClock } from './held-clock.js';
import { RecordingLog } from './recording-log.js';

/** Mirrors in a folder of their own, with time standing still. */
export class MirrorsFixture {
  private readonly opened: GitMirrors[] = [];

  private constructor(
    readonly directory: string,
    readonly clock: HeldClock,
  ) {}

  static async create(): Promise<MirrorsFixture> {
    return new MirrorsFixture(await mkdtemp(join(tmpdir(), 'mirrors-')), new HeldClock());
  }

  open(options: Partial<GitMirrorsOptions> = {}): GitMirrors {
    const { directory, clock } = this;
    const mirrors = new GitMirrors({ directory, clock, log: new RecordingLog(), ...options });
    this.opened.push(mirrors);
    return mirrors;
  }

  async close(): Promise<void> {
    for (const mirrors of this.opened) mirrors.close();
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }
}
