import type { Queryable } from '../../src/database/transactions.js';
import type { Clock } from '../../src/kernel/clock.js';
import type { ObjectChange } from '../../src/reconcile/object-change.js';
import type { Outcome } from '../../src/reconcile/outcome.js';
import type { Reconciler } from '../../src/reconcile/reconciler.js';
import { WorkQueue, type EnqueueOptions, type WorkKey } from '../../src/reconcile/work-queue.js';
import type { Life } from '../simulation/interleaving.js';
import type { MemoryTransaction } from './memory-transaction.js';
import { ConnectionLost, type MemoryTransactions } from './memory-transactions.js';
import type { ObjectRow, TombstoneRow } from './rows.js';

export interface WorkRow extends WorkKey {
  dueAt: number;
  version: number;
  attempts: number;
  /** Why the last run failed or waited. */
  reason: string | undefined;
  lease: Life | undefined;
}

/** How far the change feed has read; commits are small here, so it never stops in the middle of one. */
export interface FeedRow {
  position: number;
}

const rowKey = ({ queue, key }: WorkKey): string => `${queue} ${key}`;

/** One row for each (queue, key), due by the database's clock. A lease ends with the life of whoever holds it. */
export class MemoryWorkQueue extends WorkQueue {
  constructor(
    private readonly own: MemoryTransactions,
    private readonly time: Clock,
  ) {
    super(own, undefined as never);
  }

  override async enqueueAll(keys: readonly WorkKey[], { tx = this.own }: EnqueueOptions = {}): Promise<void> {
    if (keys.length === 0) return;
    if ((tx as Queryable) === this.own) return this.own.run((own) => this.enqueueAll(keys, { tx: own }));
    const own = tx as MemoryTransaction;
    await own.turn();
    const due = this.time.now().getTime();
    for (const { queue, key } of [...keys].sort((a, b) => (rowKey(a) < rowKey(b) ? -1 : 1))) {
      await own.write<WorkRow>('work', rowKey({ queue, key }), (row) => ({
        queue,
        key,
        dueAt: Math.min(row?.dueAt ?? due, due),
        version: (row?.version ?? 0) + 1,
        attempts: row?.attempts ?? 0,
        reason: row?.reason,
        lease: row?.lease,
      }));
    }
  }

  /** What may be claimed now. */
  due(): WorkRow[] {
    const now = this.time.now().getTime();
    const { database } = this.own;
    const rows = this.own.all<WorkRow>('work').filter(({ dueAt, lease }) => dueAt <= now && (lease?.isOver ?? true));
    return rows.filter((row) => !database.isLocked(`work\0${rowKey(row)}`)); // SKIP LOCKED
  }

  /** In one statement, so that no two workers have it. */
  claimNow(row: WorkRow): WorkRow {
    const claimed = { ...row, lease: this.own.life };
    this.own.database.table<WorkRow>('work').set(rowKey(row), claimed);
    return claimed;
  }

  /** Tried until it is there, as the product's runner does. */
  async giveBack(item: WorkRow, outcome: Outcome | Failed): Promise<void> {
    for (;;) {
      try {
        return await this.own.run((tx) => this.end(tx as MemoryTransaction, item, outcome));
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error;
      }
    }
  }

  private async end(tx: MemoryTransaction, item: WorkRow, outcome: Outcome | Failed): Promise<void> {
    await tx.turn();
    await tx.write<WorkRow>('work', rowKey(item), (row) => {
      if (!row || row.lease !== item.lease) return row;
      const unchanged = row.version === item.version;
      if (unchanged && (outcome.type === 'done' || outcome.type === 'stop')) return undefined;
      const dueAt = unchanged ? this.againAt(outcome) : row.dueAt;
      const reason = 'reason' in outcome ? outcome.reason : undefined;
      const attempts = outcome.type === 'failed' ? item.attempts + 1 : 0;
      return { ...row, dueAt, attempts, reason, lease: undefined };
    });
  }

  private againAt(outcome: Outcome | Failed): number {
    const now = this.time.now().getTime();
    if (outcome.type === 'failed') return now + 1_000;
    return now + ('afterMs' in outcome ? outcome.afterMs : 0);
  }
}

interface Failed {
  type: 'failed';
  reason: string;
}

/** From commits to work, the cursor and the work in one transaction, as the product's ChangeFeed has it. */
export class MemoryFeed {
  constructor(
    private readonly own: MemoryTransactions,
    private readonly queue: MemoryWorkQueue,
    private readonly reconcilers: readonly Reconciler[],
  ) {}

  get isBehind(): boolean {
    return this.own.database.position > (this.own.read<FeedRow>('feed', 'cursor')?.position ?? 0);
  }

  async advance(): Promise<void> {
    await this.own.run(async (transaction) => {
      const tx = transaction as MemoryTransaction;
      await tx.lock('feed\0cursor');
      const from = tx.read<FeedRow>('feed', 'cursor')?.position ?? 0;
      await tx.turn();
      const to = this.own.database.position;
      const changes = changesOf(tx, from, to);
      for (const reconciler of this.reconcilers) {
        const keys = await reconciler.interestedIn(changes);
        const work = [...new Set(keys)].map((key) => ({ queue: reconciler.queue, key }));
        await this.queue.enqueueAll(work, { tx });
      }
      await tx.write<FeedRow>('feed', 'cursor', () => ({ position: to }));
    });
  }
}

function changesOf(tx: MemoryTransaction, from: number, to: number): ObjectChange[] {
  const isNew = ({ commit }: { commit: { position: number } }): boolean =>
    commit.position > from && commit.position <= to;
  const written = tx
    .all<ObjectRow>('objects')
    .filter(isNew)
    .map(({ object: { kind, metadata }, scope, commit }) => ({
      kind,
      uid: metadata.uid,
      namespace: metadata.namespace,
      name: metadata.name,
      ...scope,
      deleted: false,
      position: commit.position,
    }));
  const gone = tx.all<TombstoneRow>('tombstones').filter(isNew);
  return [...written, ...gone.map(({ change, commit }) => ({ ...change, position: commit.position }))].sort(
    (a, b) => a.position - b.position || (a.uid < b.uid ? -1 : 1),
  );
}
