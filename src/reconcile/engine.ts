import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CommitLoops, POLL_MS, type CommitLoop } from '../database/commit-loop.js';
import { ChangeFeed } from './change-feed.js';
import { RECONCILERS, type Reconciler } from './reconciler.js';
import { LEASE_MS, WorkQueue } from './work-queue.js';
import { WorkRunner } from './work-runner.js';

const CHECK_MS = 5;

/**
 * Follows the commits, hands changed keys to the reconcilers and runs what is due, all within the database's word: any
 * number of replicas may run it, and each may be killed at any moment.
 */
@Injectable()
export class ReconcileEngine implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly queues: string[];
  private readonly feedLoop: CommitLoop;
  private readonly workLoop: CommitLoop;
  private renewals: NodeJS.Timeout | undefined;
  private feedIsOpen = false;

  constructor(
    @Inject(RECONCILERS) private readonly reconcilers: readonly Reconciler[],
    private readonly queue: WorkQueue,
    private readonly feed: ChangeFeed,
    private readonly runner: WorkRunner,
    loops: CommitLoops,
  ) {
    this.queues = reconcilers.map((reconciler) => reconciler.queue);
    this.feedLoop = loops.create({ what: 'following the commits', step: () => this.follow() });
    this.workLoop = loops.create({ what: 'claiming work', step: () => this.claim() });
  }

  onApplicationBootstrap(): void {
    this.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  start(): void {
    this.renewals = setInterval(() => void this.runner.renew(), LEASE_MS / 3);
    this.feedLoop.start();
    this.workLoop.start();
  }

  /** Claims nothing more and waits for what is running. */
  async stop(): Promise<void> {
    await Promise.all([this.feedLoop.stop(), this.workLoop.stop()]);
    await this.runner.settle();
    clearInterval(this.renewals);
  }

  /** For tests, without `start`: follows every commit and runs everything that is due, until nothing is left. */
  async drain(): Promise<void> {
    do {
      while ((await this.step()) === 'more');
      await this.runDue();
    } while (!(await this.isIdle()));
  }

  /** For tests, after `start`: resolves when every commit is followed and nothing is due or running. */
  async idle(timeoutMs = 20_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!(await this.isIdle())) {
      if (performance.now() > deadline) throw new Error(`the engine is still busy after ${timeoutMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, CHECK_MS));
    }
  }

  private async follow(): Promise<number> {
    const state = await this.step();
    return state === 'more' ? 0 : POLL_MS;
  }

  private async step(): Promise<'more' | 'caught-up' | 'busy'> {
    if (!this.feedIsOpen) await this.feed.open();
    this.feedIsOpen = true;
    const { state, enqueued } = await this.feed.advance();
    if (enqueued > 0) this.workLoop.wake();
    return state;
  }

  /** Starts what is due as far as there are free slots; each that becomes free wakes the loop for the next. */
  private async claim(): Promise<number> {
    const slots = this.freeSlots();
    if (slots.size === 0) return POLL_MS;
    const started = await this.startDue(slots, () => this.workLoop.wake());
    if (started.length > 0) return 0;
    return (await this.queue.nextFreeIn([...slots.keys()])) ?? POLL_MS;
  }

  private async runDue(): Promise<void> {
    let started: Promise<void>[];
    do {
      started = await this.startDue(this.freeSlots());
      await Promise.all(started);
    } while (started.length > 0);
  }

  private async startDue(slots: ReadonlyMap<string, number>, freed?: () => void): Promise<Promise<void>[]> {
    const claimed = await this.queue.claim(slots);
    return this.reconcilers.flatMap((reconciler) => {
      const items = claimed.filter(({ queue }) => queue === reconciler.queue);
      return items.length > 0 ? [this.runner.run(items, reconciler, freed)] : [];
    });
  }

  private freeSlots(): Map<string, number> {
    const slots = this.reconcilers.map((each) => [each.queue, this.runner.freeSlots(each)] as const);
    return new Map(slots.filter(([, free]) => free > 0));
  }

  private async isIdle(): Promise<boolean> {
    if (!this.feedIsOpen || (await this.feed.isBehind())) return false;
    if ((await this.queue.pending(this.queues)) > 0) return false;
    return !(await this.feed.isBehind()); // an item that ended in between may have committed something
  }
}
