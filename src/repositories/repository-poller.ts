import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Log } from '../kernel/log.js';
import { messageOf } from '../kernel/errors.js';
import { WorkQueue } from '../reconcile/work-queue.js';
import { ChartPoller } from './charts/chart-poller.js';
import { locateRepository } from './domain/repository-url.js';
import { GitMirrors } from './git/git-mirrors.js';
import { MovedReaders } from './moved-readers.js';
import { RepositoryNews } from './repository-news.js';
import { RepositoryReaders, type RepositoryReader } from './repository-readers.js';

export interface PollerOptions {
  /** How often due repositories are looked for, each at its own interval (GitMirrors); absent for only when asked. */
  tickMs?: number;
  /** From 0 to 1: parts the ticks of replicas that started together. */
  random?: () => number;
}

export interface PollerParts {
  git: GitMirrors;
  charts: ChartPoller;
  readers: RepositoryReaders;
  moved: MovedReaders;
  queue: WorkQueue;
  news: RepositoryNews;
  log: Log;
}

/** A tick comes up to so much of its length earlier or later. */
const JITTER = 0.2;

/** Looks at the repositories in use and wakes what reads those that moved. The safety net behind webhooks. */
@Injectable()
export class RepositoryPoller implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  /** Repositories that were read before this process began: what moved in them meanwhile nobody saw. */
  private inherited: Promise<Set<string>> = Promise.resolve(new Set());
  /** Where the last look that a webhook caused failed: once is told, not every time. */
  private readonly unreadable = new Set<string>();

  constructor(
    private readonly parts: PollerParts,
    private readonly options: PollerOptions,
  ) {}

  onApplicationBootstrap(): void {
    if (this.options.tickMs !== undefined) this.inherited = this.urlsAtStart();
    this.schedule();
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.parts.git.close();
  }

  /** Looks now, whatever the interval says, and wakes all that read it; what a manual refresh asks for. */
  async refresh(url: string): Promise<void> {
    const { git, moved, queue } = this.parts;
    await git.refresh(url);
    git.takeMoves(url);
    await queue.enqueueAll(await moved.of([url], undefined));
  }

  /** Everything that one set or Application reads. */
  async refreshFor(reader: RepositoryReader): Promise<void> {
    for (const url of await this.parts.readers.urlsOf(reader)) await this.refresh(url);
    await this.parts.charts.refreshFor(reader);
  }

  /** Looks now and wakes those whose revision and paths moved; `urls` are spellings of one repository. */
  async look(urls: readonly string[]): Promise<void> {
    const [url] = urls;
    if (url === undefined) return;
    const { git, queue, news } = this.parts;
    const wasSeen = git.hasSeen(url);
    const looked = await git.refresh(url);
    const isChanged = looked.ok ? this.unreadable.delete(url) || !wasSeen : !this.unreadable.has(url);
    if (!looked.ok) this.unreadable.add(url);
    const readers = await this.moved(urls, isChanged);
    await news.tell(urls, (tx) => queue.enqueueAll(readers, { tx }));
  }

  private schedule(): void {
    const { tickMs, random = Math.random } = this.options;
    if (this.stopped || tickMs === undefined) return;
    this.timer = setTimeout(() => void this.tick(), tickMs * (1 - JITTER + 2 * JITTER * random()));
    this.timer.unref();
  }

  private async tick(): Promise<void> {
    const { git, readers, queue, log } = this.parts;
    try {
      const polled = await git.poll(await readers.urls());
      for (const { url, changed, failure } of polled)
        if (changed) log.info({ url, failure: failure?.code }, 'repository moved');
      const changed = new Set(polled.filter((each) => each.changed).map(({ url }) => url));
      for (const urls of spellings(polled)) {
        const isChanged = urls.some((url) => changed.has(url));
        await queue.enqueueAll(await this.moved(urls, isChanged));
      }
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'repositories were not polled');
    }
    this.schedule();
  }

  /** `changed` without a move: it became readable or unreadable, or was never seen, which concerns all its readers. */
  private async moved(urls: readonly string[], changed: boolean): Promise<RepositoryReader[]> {
    const { git, moved } = this.parts;
    const moves = git.takeMoves(urls[0] ?? '') ?? [];
    const inherited = await this.inherited;
    const isUnseen = urls.filter((url) => inherited.delete(url)).length > 0;
    if (moves.length === 0 && !changed && !isUnseen) return [];
    return moved.of(urls, moves.length === 0 || isUnseen ? undefined : moves);
  }

  private async urlsAtStart(): Promise<Set<string>> {
    try {
      return new Set(await this.parts.readers.urls());
    } catch (error) {
      this.parts.log.warn({ error: messageOf(error) }, 'repositories of before the start are not known');
      return new Set();
    }
  }
}

/** The URLs of each repository. */
function spellings(polled: readonly { url: string }[]): string[][] {
  const byKey = new Map<string, string[]>();
  for (const { url } of polled) {
    const key = locateRepository(url)?.key ?? url;
    byKey.set(key, [...(byKey.get(key) ?? []), url]);
  }
  return [...byKey.values()];
}
