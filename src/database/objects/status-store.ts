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
   * anything; objects that are gone are passed over. Answers how many changed.
   */
  async write(writes: readonly StatusWrite[], on: Queryable = this.transactions): Promise<number> {
    if (writes.length === 0) return 0;
    const rows = await on.query(
      `insert into object_statuses as s (uid, sync, health, status)
       select o.uid, r.sync, r.health, r.status
       from jsonb_to_recordset($1::jsonb) as r(uid uuid, sync text, health text, status jsonb)
       join objects o on o.uid = r.uid order by o.uid
       on conflict (uid) do update set
         sync = coalesce(excluded.sync, s.sync), health = coalesce(excluded.health, s.health),
         status = s.status || excluded.status, updated_at = now()
         where (s.sync, s.health, s.status) is distinct from
           (coalesce(excluded.sync, s.sync), coalesce(excluded.health, s.health), s.status || excluded.status)
       returning s.uid`,
      [JSON.stringify(writes.map((write) => ({ sync: null, health: null, ...write })))],
    );
    return rows.length;
  }
}
