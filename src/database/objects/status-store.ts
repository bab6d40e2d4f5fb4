import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../../kernel/json.js';
import type { Queryable } from '../transactions.js';
import { Transactions } from '../transactions.js';

export interface StatusWrite {
  uid: string;
  status: JsonObject;
  /** Columns for rollups, on kinds that have them. */
  sync?: string;
  health?: string;
}

/** Observed state, apart from documents so that its traffic never rewrites them. */
@Injectable()
export class StatusStore {
  constructor(private readonly transactions: Transactions) {}

  /**
   * Puts the given members over the stored status (other members stay: each has one writer), where that changes
   * anything; objects that are gone are passed over. Answers the uids of those that changed.
   */
  async write(writes: readonly StatusWrite[], on: Queryable = this.transactions): Promise<string[]> {
    if (writes.length === 0) return [];
    // One look-up a row, whatever Postgres believes of tables that grow: a join would come to read them whole.
    // Rows that would not change are left out before the insert: even an update that does nothing locks its row on disk.
    const rows = await on.query<{ uid: string }>(
      `with wanted as (
         select o.uid, r.sync, r.health, r.status
         from jsonb_to_recordset($1::jsonb) as r(uid uuid, sync text, health text, status jsonb)
         cross join lateral (select uid from objects where uid = r.uid limit 1) as o
         left join lateral (select * from object_statuses where uid = r.uid limit 1) as s on true
         where s.uid is null or (s.sync, s.health, s.status) is distinct from
           (coalesce(r.sync, s.sync), coalesce(r.health, s.health), s.status || r.status)
         order by o.uid
       )
       insert into object_statuses as s (uid, sync, health, status) select uid, sync, health, status from wanted
       on conflict (uid) do update set
         sync = coalesce(excluded.sync, s.sync), health = coalesce(excluded.health, s.health),
         status = s.status || excluded.status, updated_at = now()
       returning s.uid`,
      [JSON.stringify(writes.map((write) => ({ sync: null, health: null, ...write })))],
    );
    return rows.map((row) => row.uid);
  }
}
