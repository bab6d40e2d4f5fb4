import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { messageOf } from '../kernel/errors.js';
import { Log } from '../kernel/log.js';
import type { MirrorLimits } from './domain/mirror-budget.js';
import { GitMirrors } from './git/git-mirrors.js';
import { RepositoryReaders } from './repository-readers.js';

const INTERVAL_MS = 3_600_000;

/** Keeps the mirrors of this replica within their limits, once an hour. */
@Injectable()
export class MirrorSweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly git: GitMirrors,
    private readonly readers: RepositoryReaders,
    private readonly log: Log,
    private readonly limits: MirrorLimits,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweep(), INTERVAL_MS);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Removes what nobody reads; without knowing who reads what, nothing. */
  async sweep(): Promise<void> {
    try {
      const { dropped, bytes } = await this.git.sweep(await this.readers.urls(), this.limits);
      if (dropped.length > 0) this.log.info({ mirrors: dropped.length }, 'git mirrors that nobody reads were removed');
      const { budgetBytes } = this.limits;
      if (bytes <= budgetBytes) return;
      this.log.warn({ bytes, budgetBytes }, 'the repositories in use take more space than mirrors may');
    } catch (error) {
      this.log.warn({ error: messageOf(error) }, 'git mirrors were not swept');
    }
  }
}
