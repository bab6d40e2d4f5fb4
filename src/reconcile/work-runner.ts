import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { OutageLog } from '../database/outage-log.js';
import { backoffMs } from '../kernel/backoff.js';
import { messageOf } from '../kernel/errors.js';
import { Log } from '../kernel/log.js';
import type { Outcome } from './outcome.js';
import { ReconcileMetrics } from './reconcile-metrics.js';
import type { Reconciler } from './reconciler.js';
import { WorkQueue, type WorkItem } from './work-queue.js';

const RETRY = { firstMs: 1_000, longestMs: 300_000 };
/** Of giving an item back: a database that restarts must not cost every running item a whole lease. */
const RETURN_RETRY = { firstMs: 100, longestMs: 2_000 };
const RETURN_ATTEMPTS = 30;
const DEFAULT_CONCURRENCY = 4;
/** Keys that are reconciled together: enough that what they share costs little, few enough to be done in a moment. */
const MOST_TOGETHER = 200;

/** Runs claimed items and gives each back to the queue as its outcome says. */
@Injectable()
export class WorkRunner {
  private readonly alone = new Set<WorkItem>();
  private readonly together = new Set<WorkItem>();
  private readonly running = new Set<Promise<void>>();
  private readonly outage: OutageLog;
  private readonly stopping = new AbortController();

  constructor(
    private readonly queue: WorkQueue,
    private readonly log: Log,
    private readonly metrics: ReconcileMetrics,
  ) {
    this.outage = new OutageLog(log, 'giving work back to the queue');
  }

  /** How many items may be claimed now: one by one, or as many as go together while none do. */
  freeSlots(reconciler: Reconciler): number {
    const busy = (items: ReadonlySet<WorkItem>): number =>
      [...items].filter((item) => item.queue === reconciler.queue).length;
    const free = Math.max(0, concurrencyOf(reconciler) - busy(this.alone));
    if (!reconciler.reconcileTogether) return free;
    return free === 0 || busy(this.together) > 0 ? 0 : MOST_TOGETHER;
  }

  /** Resolves when every item is back in the queue or gone; never rejects. `freed` is told of slots on the way. */
  async run(items: readonly WorkItem[], reconciler: Reconciler, freed: () => void = () => undefined): Promise<void> {
    const work = this.work(items, reconciler, freed);
    this.running.add(work);
    await work;
    this.running.delete(work);
  }

  /** Keeps the leases of everything that is running, and lets nobody's item wait for a time that was taken back. */
  async renew(): Promise<void> {
    const leases = new Set([...this.alone, ...this.together].map((item) => item.lease));
    try {
      await this.queue.renew([...leases]);
      await this.queue.takeBackFutureTimes();
      this.outage.worked();
    } catch (error) {
      this.outage.failed(error);
    }
  }

  /** Waits for what is running; what cannot be given back now is left to its lease. */
  async settle(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.running);
  }

  /** What failed before goes alone at once: whatever its fault is, others shall not meet it again. */
  private async work(items: readonly WorkItem[], reconciler: Reconciler, freed: () => void): Promise<void> {
    const fresh = items.filter(({ attempts }) => attempts === 0);
    const settled = fresh.length > 1 ? await this.runTogether(fresh, reconciler) : NOTHING;
    const left = items.filter((item) => !settled.has(item.key));
    for (const item of left) this.alone.add(item);
    freed();
    const lane = async (): Promise<void> => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) {
        await (this.stopping.signal.aborted ? this.putBack(item) : this.runAlone(item, reconciler));
        this.alone.delete(item);
        freed();
      }
    };
    await Promise.all(Array.from({ length: concurrencyOf(reconciler) }, lane));
  }

  /** Answers the keys that are settled and given back. */
  private async runTogether(items: readonly WorkItem[], reconciler: Reconciler): Promise<ReadonlySet<string>> {
    if (!reconciler.reconcileTogether) return NOTHING;
    for (const item of items) this.together.add(item);
    const started = performance.now();
    const outcomes = await this.attemptTogether(items, reconciler);
    const share = (performance.now() - started) / 1000 / Math.max(1, outcomes.size);
    const settled = items.flatMap((item) => {
      const outcome = outcomes.get(item.key);
      return outcome ? [{ item, outcome }] : [];
    });
    for (const { item, outcome } of settled) this.metrics.reconciled(item.queue, outcome.type, share);
    await this.giveAllBack(settled);
    for (const item of items) this.together.delete(item);
    return new Set(settled.map(({ item }) => item.key));
  }

  private async giveAllBack(settled: readonly { item: WorkItem; outcome: Outcome }[]): Promise<void> {
    const done = settled.filter(({ outcome }) => outcome.type === 'done').map(({ item }) => item);
    if (done.length > 0) await this.surely(() => this.queue.complete(done));
    const again = settled.flatMap(({ item, outcome }) =>
      outcome.type === 'again' ? [{ ...item, afterMs: outcome.afterMs, attempts: 0, reason: null }] : [],
    );
    await this.surely(() => this.queue.postponeAll(again));
    for (const { item, outcome } of settled)
      if (outcome.type === 'wait' || outcome.type === 'stop') await this.surely(() => this.giveBack(item, outcome));
  }

  private async attemptTogether(
    items: readonly WorkItem[],
    reconciler: Reconciler,
  ): Promise<ReadonlyMap<string, Outcome>> {
    try {
      return (await reconciler.reconcileTogether?.(items.map(({ key }) => key))) ?? new Map();
    } catch (error) {
      const fields = { queue: reconciler.queue, keys: items.length, error: messageOf(error) };
      this.log.info(fields, 'reconciling together failed; going on one by one');
      return new Map();
    }
  }

  private async runAlone(item: WorkItem, reconciler: Reconciler): Promise<void> {
    const started = performance.now();
    const settled = await attempt(reconciler, item.key);
    this.metrics.reconciled(item.queue, settled.type, (performance.now() - started) / 1000);
    await this.surely(() =>
      settled.type === 'failed' ? this.fail(item, settled.error) : this.giveBack(item, settled),
    );
  }

  /** As it was claimed: another replica may take it at once. */
  private async putBack(item: WorkItem): Promise<void> {
    const { attempts, lastError: reason } = item;
    await this.surely(() => this.queue.postpone(item, { afterMs: 0, attempts, reason }));
  }

  /** Tries again where that fails; in the end the lease runs out and the item comes back. */
  private async surely(giveBack: () => Promise<void>): Promise<void> {
    for (let failures = 1; failures <= RETURN_ATTEMPTS; failures += 1) {
      try {
        await giveBack();
        return this.outage.worked();
      } catch (error) {
        this.outage.failed(error);
      }
      if (this.stopping.signal.aborted) return;
      await this.pause(backoffMs(failures, RETURN_RETRY, Math.random));
    }
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private async giveBack(item: WorkItem, outcome: Outcome): Promise<void> {
    switch (outcome.type) {
      case 'done':
        return this.queue.complete([item]);
      case 'again':
        return this.queue.postpone(item, { afterMs: outcome.afterMs, attempts: 0, reason: null });
      case 'wait': {
        const { reason } = outcome;
        await this.queue.postpone(item, { afterMs: outcome.afterMs, attempts: 0, reason });
        if (reason !== item.lastError) this.log.info({ queue: item.queue, key: item.key, reason }, 'waiting');
        return;
      }
      case 'stop':
        await this.queue.complete([item]);
        this.log.warn({ queue: item.queue, key: item.key, reason: outcome.reason }, 'stopped until an input changes');
    }
  }

  private async fail(item: WorkItem, error: unknown): Promise<void> {
    const attempts = item.attempts + 1;
    const retryMs = backoffMs(attempts, RETRY, Math.random);
    const reason = messageOf(error);
    await this.queue.postpone(item, { afterMs: retryMs, attempts, reason });
    this.log.warn({ queue: item.queue, key: item.key, attempts, retryMs, error: reason }, 'reconciling failed');
  }
}

const NOTHING: ReadonlySet<string> = new Set();

function concurrencyOf({ concurrency = DEFAULT_CONCURRENCY }: Reconciler): number {
  return concurrency;
}

type Settled = Outcome | { type: 'failed'; error: unknown };

async function attempt(reconciler: Reconciler, key: string): Promise<Settled> {
  try {
    return await reconciler.reconcile(key);
  } catch (error) {
    return { type: 'failed', error };
  }
}
