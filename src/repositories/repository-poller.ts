import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Log } from '../kernel/log.js';
import { messageOf } from '../kernel/errors.js';
import { WorkQueue } from '../reconcile/work-queue.js';
import { GitMirrors } from './git/git-mirrors.js';
import { RepositoryReaders, type RepositoryReader } from './repository-readers.js';

export interface PollerOptions {
  /** How often due repositories are looked for, each at its own interval (GitMirrors); absent for only when asked. */
  tickMs?: number;
}

/** Looks at the repositories in use and wakes what reads those that moved. The safety net behind webhooks. */
@Injectable()
export class RepositoryPoller implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly git: GitMirrors,
    private readonly readers: RepositoryReaders,
    private readonly queue: WorkQueue,
    private readonly log: Log,
    private readonly options: PollerOptions,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.git.close();
  }

  /** Looks now, whatever the interval says; what a manual refresh or a webhook asks for. */
  async refresh(url: string): Promise<void> {
    await this.git.refresh(url);
    await this.wake([url]);
  }

  /** Everything that one set or Application reads. */
  async refreshFor(reader: RepositoryReader): Promise<void> {
    for (const url of await this.readers.urlsOf(reader)) await this.refresh(url);
  }

  private schedule(): void {
    const { tickMs } = this.options;
    if (this.stopped || tickMs === undefined) return;
    this.timer = setTimeout(() => void this.tick(), tickMs);
    this.timer.unref();
  }

  private async tick(): Promise<void> {
    try {
      const polled = await this.git.poll(await this.readers.urls());
      const moved = polled.filter((repository) => repository.changed);
      for (const { url, failure } of moved) this.log.info({ url, failure: failure?.code }, 'repository moved');
      await this.wake(moved.map((repository) => repository.url));
    } catch (error) {
      this.log.warn({ error: messageOf(error) }, 'repositories were not polled');
    }
    this.schedule();
  }

  private async wake(urls: readonly string[]): Promise<void> {
    if (urls.length === 0) return;
    await this.queue.enqueueAll(await this.readers.readersOf(urls));
  }
}
