import { Injectable } from '@nestjs/common';
import { Transactions, type Queryable } from '../database/transactions.js';
import { WorkQueue } from '../reconcile/work-queue.js';

export const ROLLOUTS = 'rollouts';

const ROLLS = `s.kind = 'ApplicationSet' and s.body #>> '{spec,strategy,type}' = 'RollingSync'`;

/** Sets whose Applications are synced step by step, and who must be told of what is observed of them. */
@Injectable()
export class RollingSets {
  constructor(
    private readonly transactions: Transactions,
    private readonly queue: WorkQueue,
  ) {}

  /** Those of the sets that roll out, or did and have something left of it. */
  async among(uids: readonly string[]): Promise<string[]> {
    if (uids.length === 0) return [];
    const rows = await this.transactions.query<{ uid: string }>(
      `select s.uid from objects s where s.uid = any($1::uuid[])
         and (${ROLLS} or exists (select from rollout_entries e where e.set_uid = s.uid))`,
      [uids],
    );
    return rows.map((row) => row.uid);
  }

  /** Looks at the rollouts of these Applications' sets again: their sync, health or operation changed. */
  async observed(applicationUids: readonly string[], on: Queryable = this.transactions): Promise<void> {
    if (applicationUids.length === 0) return;
    const rows = await on.query<{ uid: string }>(
      `select distinct s.uid from objects o join objects s on s.uid = o.owner_uid
       where o.uid = any($1::uuid[]) and ${ROLLS}`,
      [applicationUids],
    );
    await this.queue.enqueue(
      ROLLOUTS,
      rows.map((row) => row.uid),
      { tx: on },
    );
  }
}
