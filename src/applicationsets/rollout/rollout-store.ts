import { Injectable } from '@nestjs/common';
import { Transactions, type Queryable, type Transaction } from '../../database/transactions.js';
import type { RolloutEntry } from '../domain/rollout/rollout-entry.js';

const COLUMNS = `application_uid as "applicationUid", status, message, step, target_revisions as "targetRevisions", target,
  operation_id as "operationId", last_transition_time as "lastTransitionTime"`;

/** Where the Applications of rolling sets stand, one row each; a row goes with its Application. */
@Injectable()
export class RolloutStore {
  constructor(private readonly transactions: Transactions) {}

  /** By uid of the Application. */
  async entries(setUid: string, on: Queryable = this.transactions): Promise<Map<string, RolloutEntry>> {
    const rows = await on.query<RolloutEntry>(`select ${COLUMNS} from rollout_entries where set_uid = $1`, [setUid]);
    return new Map(rows.map((row) => [row.applicationUid, row]));
  }

  async put(tx: Transaction, setUid: string, entries: readonly RolloutEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await tx.query(
      `insert into rollout_entries as e (application_uid, set_uid, status, message, step, target_revisions, target,
         operation_id, last_transition_time)
       select r."applicationUid", $2, r.status, r.message, r.step, r."targetRevisions", r.target, r."operationId", r."lastTransitionTime"
       from jsonb_to_recordset($1::jsonb) as r("applicationUid" uuid, status text, message text, step text,
         "targetRevisions" jsonb, target text, "operationId" text, "lastTransitionTime" text)
       join objects o on o.uid = r."applicationUid"
       on conflict (application_uid) do update set set_uid = excluded.set_uid, status = excluded.status,
         message = excluded.message, step = excluded.step, target_revisions = excluded.target_revisions,
         target = excluded.target, operation_id = excluded.operation_id,
         last_transition_time = excluded.last_transition_time`,
      [JSON.stringify(entries), setUid],
    );
  }

  /** Of a set that does not roll out any more. */
  async clear(setUid: string): Promise<void> {
    await this.transactions.query(`delete from rollout_entries where set_uid = $1`, [setUid]);
  }
}
