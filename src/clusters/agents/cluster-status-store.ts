import { Injectable } from '@nestjs/common';
import { StatusStore } from '../../database/objects/status-store.js';
import { Transactions, type Transaction } from '../../database/transactions.js';
import { rfc3339 } from '../../kernel/clock.js';
import { jsonEqual, type JsonObject } from '../../kernel/json.js';
import type { ClusterStatus } from '../domain/cluster-status.js';

/** Status of Clusters, part by part. */
@Injectable()
export class ClusterStatusStore {
  constructor(
    private readonly transactions: Transactions,
    private readonly statuses: StatusStore,
  ) {}

  /** Reads a status and keeps others from writing it until the transaction ends. */
  async lock(tx: Transaction, uid: string): Promise<ClusterStatus> {
    const [row] = await tx.query<{ status: ClusterStatus }>(
      `select status from object_statuses where uid = $1 for update`,
      [uid],
    );
    return row?.status ?? {};
  }

  /** Replaces the given parts; true when that changed anything. */
  async patch(tx: Transaction, uid: string, parts: ClusterStatus): Promise<boolean> {
    const status = await this.lock(tx, uid);
    const next = { ...status, ...parts };
    if (jsonEqual(status, next)) return false;
    await this.statuses.write([{ uid, status: next as unknown as JsonObject }], tx);
    return true;
  }

  /** Apart from `patch`, so that every report need not read the facts. */
  async setUnowned(
    tx: Transaction,
    clusters: readonly { uid: string; unowned: NonNullable<ClusterStatus['unowned']> }[],
  ): Promise<void> {
    await tx.query(
      `with changed as (
         select s.uid, r.unowned from jsonb_to_recordset($1::jsonb) as r(uid uuid, unowned jsonb)
         join object_statuses s on s.uid = r.uid
           and coalesce(s.status -> 'unowned', '{"count": 0, "uids": []}') <> r.unowned
         order by s.uid for update of s
       )
       update object_statuses s set status = jsonb_set(s.status, '{unowned}', changed.unowned), updated_at = now()
       from changed where s.uid = changed.uid`,
      [JSON.stringify(clusters)],
    );
  }

  /** Notes that these clusters are connected, unless the status says so with a time after `before`. */
  async markConnected(uids: readonly string[], at: Date, before: Date): Promise<void> {
    await this.transactions.query(
      `update object_statuses set status = jsonb_set(status, '{connection}', $2::jsonb), updated_at = now()
       where uid = any($1::uuid[]) and (status #>> '{connection,state}' is distinct from 'Connected'
         or (status #>> '{connection,lastSeen}')::timestamptz <= $3)`,
      [uids, JSON.stringify({ state: 'Connected', lastSeen: rfc3339(at) }), before],
    );
  }

  /** Notes every cluster whose agent was last seen before `since` as disconnected; answers their names. */
  async markDisconnected(since: Date): Promise<string[]> {
    const rows = await this.transactions.query<{ name: string }>(
      `update object_statuses s set updated_at = now(), status = jsonb_set(s.status, '{connection}', jsonb_build_object(
           'state', 'Disconnected',
           'lastSeen', to_char(a.last_seen at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')))
       from agents a join objects o on o.uid = a.cluster_uid
       where s.uid = a.cluster_uid and a.last_seen < $1 and s.status #>> '{connection,state}' = 'Connected'
       returning o.name`,
      [since],
    );
    return rows.map((row) => row.name);
  }
}
