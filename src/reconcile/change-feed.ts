import { Injectable, Inject } from '@nestjs/common';
import { Transactions, type Transaction } from '../database/transactions.js';
import { CHANGE_BATCH, LAST_UID, readChanges, type FeedCursor } from './feed-batch.js';
import type { ObjectChange } from './object-change.js';
import { RECONCILERS, type Reconciler } from './reconciler.js';
import { WorkQueue, type WorkKey } from './work-queue.js';

export interface FeedStep {
  /** more: another batch waits. caught-up: nothing newer. busy: another replica is reading. */
  state: 'more' | 'caught-up' | 'busy';
  enqueued: number;
}

/**
 * Turns commits into work: what changed past the cursor, whom it concerns, their keys enqueued and the cursor moved in
 * one transaction, so a crash loses no change. Replicas share one cursor, and only one of them reads at a time.
 */
@Injectable()
export class ChangeFeed {
  /** Names the set of readers: a release that adds a reconciler starts anew, and so shows it everything there is. */
  private readonly name: string;

  constructor(
    private readonly transactions: Transactions,
    private readonly queue: WorkQueue,
    @Inject(RECONCILERS) private readonly reconcilers: readonly Reconciler[],
  ) {
    this.name = reconcilers
      .map((reconciler) => reconciler.queue)
      .sort()
      .join(',');
  }

  /** Makes the cursor; it starts before everything. */
  async open(): Promise<void> {
    await this.transactions.query(
      `insert into feed_cursors (name, position, uid) values ($1, 0, '00000000-0000-0000-0000-000000000000') on conflict do nothing`,
      [this.name],
    );
  }

  /** Reads one batch. */
  async advance(): Promise<FeedStep> {
    return this.transactions.run(async (tx) => {
      const [cursor] = await tx.query<FeedCursor>(
        `select position, uid from feed_cursors where name = $1 for update skip locked`,
        [this.name],
      );
      if (!cursor) return { state: 'busy', enqueued: 0 };
      const batch = await readChanges(tx, cursor);
      const enqueued = await this.enqueue(tx, batch.changes);
      if (batch.end.position !== cursor.position || batch.end.uid !== cursor.uid) await this.move(tx, batch.end);
      return { state: batch.changes.length === CHANGE_BATCH ? 'more' : 'caught-up', enqueued };
    });
  }

  /** Whether there are commits the feed has not read to the end. */
  async isBehind(): Promise<boolean> {
    const [row] = await this.transactions.query<{ behind: boolean }>(
      `select (coalesce((select max(position) from commits), 0), $2::uuid) > (f.position, f.uid) as behind from feed_cursors f where f.name = $1`,
      [this.name, LAST_UID],
    );
    return row?.behind ?? true;
  }

  private async enqueue(tx: Transaction, changes: readonly ObjectChange[]): Promise<number> {
    if (changes.length === 0) return 0;
    const keys = await Promise.all(this.reconcilers.map((reconciler) => workKeys(reconciler, changes)));
    await this.queue.enqueueAll(keys.flat(), { tx });
    return keys.flat().length;
  }

  private async move(tx: Transaction, to: FeedCursor): Promise<void> {
    await tx.query(`update feed_cursors set position = $2, uid = $3 where name = $1`, [this.name, to.position, to.uid]);
  }
}

async function workKeys(reconciler: Reconciler, changes: readonly ObjectChange[]): Promise<WorkKey[]> {
  const keys = await reconciler.interestedIn(changes);
  return [...new Set(keys)].map((key) => ({ queue: reconciler.queue, key }));
}
