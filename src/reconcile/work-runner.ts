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

/** Runs claimed items and gives each back to the queue as its outcome says. */
@Injectable()
export class WorkRunner {
  private readonly running = new Map<WorkItem, Promise<void>>();
  private readonly outage: OutageLog;
  private readonly stopping = new AbortController();

  constructor(
    private readonly queue: WorkQueue,
    private readonly log: Log,
    private readonly metrics: ReconcileMetrics,
  ) {
    this.outage = new OutageLog(log, 'giving work back to the queue');
  }

  freeSlots(reconciler: Reconciler): number {
    const busy = [...this.running.keys()].filter((item) => item.queue === reconciler.queue).length;
    return Math.max(0, (reconciler.concurrency ?? DEFAULT_CONCURRENCY) - busy);
  }

  /** Resolves when the item is back in the queue or gone; never rejects. */
  async run(item: WorkItem, reconciler: Reconciler): Promise<void> {
    const work = this.work(item, reconciler);
    this.running.set(item, work);
    await work;
    this.running.delete(item);
  }

  /** Keeps the leases of everything that is running, and lets nobody's item wait for a time that was taken back. */
  async renew(): Promise<void> {
    const leases = new Set([...this.running.keys()].map((item) => item.lease));
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
    await Promise.all(this.running.values());
  }

  private async work(item: WorkItem, reconciler: Reconciler): Promise<void> {
    const started = performance.now();
    const settled = await attempt(reconciler, item.key);
    this.metrics.reconciled(item.queue, settled.type, (performance.now() - started) / 1000);
    for (let failures = 1; failures <= RETURN_ATTEMPTS; failures += 1) {
      if (await this.isReturned(item, settled)) return;
      if (this.stopping.signal.aborted) return;
      await this.pause(backoffMs(failures, RETURN_RETRY, Math.random));
    }
  }

  /** False when that failed: the caller tries again, and in the end the lease runs out and the item comes back. */
  private async isReturned(item: WorkItem, settled: Settled): Promise<boolean> {
    try {
      await (settled.type === 'failed' ? this.fail(item, settled.error) : this.giveBack(item, settled));
      this.outage.worked();
      return true;
    } catch (error) {
      this.outage.failed(error);
      return false;
    }
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private async giveBack(item: WorkItem, outcome: Outcome): Promise<void> {
    switch (outcome.type) {
      case 'done':
        return this.queue.complete(item);
      case 'again':
        return this.queue.postpone(item, { afterMs: outcome.afterMs, attempts: 0, reason: null });
      case 'wait': {
        const { reason } = outcome;
        await this.queue.postpone(item, { afterMs: outcome.afterMs, attempts: 0, reason });
        if (reason !== item.lastError) this.log.info({ queue: item.queue, key: item.key, reason }, 'waiting');
        return;
      }
      case 'stop':
        await this.queue.complete(item);
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

type Settled = Outcome | { type: 'failed'; error: unknown };

async function attempt(reconciler: Reconciler, key: string): Promise<Settled> {
  try {
    return await reconciler.reconcile(key);
  } catch (error) {
    return { type: 'failed', error };
  }
}
