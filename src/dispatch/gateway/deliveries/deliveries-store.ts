import { Injectable } from '@nestjs/common';
import { Transactions, type Queryable, type Transaction } from '../../../database/transactions.js';
import { Gathering } from '../../../kernel/gathering.js';
import type { Intent } from '../../protocol/delivery.js';
import {
  DELIVERY_TABLES,
  RECORD_SHAPE,
  toDeliveryRecord,
  toStoredDelivery,
  toWatched,
  WATCHED_COLUMNS,
  type DeliveryRow,
  type DeliveryWrite,
  type StoredDelivery,
  type ToldDelivery,
  type WatchedRow,
} from './stored-delivery.js';

const COMPARED = [
  'owner_kind',
  'application',
  'application_namespace',
  'project',
  'intent',
  'bundle_digest',
  'project_digest',
  'settings_digest',
  'held_prunes',
  'objects',
];
const columnsOf = (table: string): string => COMPARED.map((column) => `${table}.${column}`).join(', ');

export interface ClusterDeliveries {
  /** Newest commit the reading saw; the next one starts from it. */
  position: number;
  deliveries: ToldDelivery[];
}

export interface DeliveryKey {
  clusterUid: string;
  applicationUid: string;
}

export interface DeliveryInForce extends DeliveryKey {
  ownerKind: string;
  position: number;
}

interface ToldRow extends WatchedRow {
  reader: string;
  settings: string | null;
}

interface DeliveryReader {
  clusterUid: string;
  since: number;
}

const READERS_AT_ONCE = 100;
/** Characters of settings that are told with a delivery; a snapshot has none, since most agents know them. */
const SMALL_SETTINGS = 8_192;

export interface ClusterCount {
  clusterUid: string;
  total: number;
  byIntent: Partial<Record<Intent, number>>;
}

/**
 * One row for each (cluster, Application): what the hub wants there. Agents watch rows past their cursor, so writing a
 * row is all it takes to dispatch, and a row that does not differ is not written.
 */
@Injectable()
export class DeliveriesStore {
  private readonly reading = new Gathering<DeliveryReader, ClusterDeliveries>({
    most: READERS_AT_ONCE,
    work: (readers) => this.forClusters(readers),
  });

  constructor(private readonly transactions: Transactions) {}

  /** Answers the rows that differed and were written; with none, the transaction takes no position for it. */
  async put(tx: Transaction, writes: readonly DeliveryWrite[]): Promise<readonly DeliveryWrite[]> {
    const { records, written } = await this.changed(tx, writes);
    if (records.length === 0) return [];
    const names = ['cluster_uid', 'application_uid', ...COMPARED, 'operation'];
    await tx.query(
      `insert into deliveries as d (${names.join(', ')}, commit_id)
       select ${names.map((name) => `r.${name}`).join(', ')}, $2 from jsonb_to_recordset($1::jsonb) as r(${RECORD_SHAPE})
       order by r.cluster_uid, r.application_uid
       on conflict (cluster_uid, application_uid) do update set
         ${[...COMPARED, 'operation', 'commit_id'].map((name) => `${name} = excluded.${name}`).join(', ')}, updated_at = now()`,
      [JSON.stringify(records), await tx.commitId()],
    );
    return written;
  }

  /** Those of these that would write a row: asked before a transaction is opened and anything locked. */
  async differing(writes: readonly DeliveryWrite[]): Promise<readonly DeliveryWrite[]> {
    return (await this.changed(this.transactions, writes)).written;
  }

  /** Every row of these Applications: one, or more while a changed destination leaves some behind. */
  async forApplications(uids: readonly string[], on: Queryable = this.transactions): Promise<StoredDelivery[]> {
    const rows = await on.query<DeliveryRow>(
      `select ${WATCHED_COLUMNS}, d.objects, d.created_at, d.updated_at from ${DELIVERY_TABLES}
       where d.application_uid = any($1::uuid[]) order by d.application_uid, d.cluster_uid`,
      [uids],
    );
    return rows.map(toStoredDelivery);
  }

  /** A cluster's rows past a position, or all of them, in order. One row per Application bounds the answer. */
  forCluster(clusterUid: string, since = -1): Promise<ClusterDeliveries> {
    return this.reading.add({ clusterUid, since });
  }

  /** Which of these clusters have rows past a position: one query however many agents wait. */
  async changedSince(
    since: number,
    clusterUids: readonly string[],
  ): Promise<{ position: number; clusterUids: string[] }> {
    const [row] = await this.transactions.query<{ position: string; cluster_uids: string[] | null }>(
      `select coalesce(max(c.position), $1)::text as position,
         array_agg(distinct d.cluster_uid::text) filter (where d.cluster_uid = any($2::uuid[])) as cluster_uids
       from commits c left join deliveries d on d.commit_id = c.id where c.position > $1::bigint`,
      [since, clusterUids],
    );
    return { position: Number(row?.position ?? since), clusterUids: row?.cluster_uids ?? [] };
  }

  async newestPosition(): Promise<number> {
    const [row] = await this.transactions.query<{ position: string }>(
      `select coalesce(max(position), 0) as position from commits`,
    );
    return Number(row?.position ?? 0);
  }

  /** What these rows are now, without those that are not there. Each is looked up by its key. */
  async inForce(tx: Transaction, keys: readonly DeliveryKey[]): Promise<DeliveryInForce[]> {
    if (keys.length === 0) return [];
    const rows = await tx.query<Omit<DeliveryInForce, 'position'> & { position: string }>(
      `select k.cluster_uid as "clusterUid", k.application_uid as "applicationUid", d.owner_kind as "ownerKind", c.position
       from unnest($1::uuid[], $2::uuid[]) as k(cluster_uid, application_uid)
       cross join lateral (
         select owner_kind, commit_id from deliveries
         where cluster_uid = k.cluster_uid and application_uid = k.application_uid limit 1
       ) as d
       cross join lateral (select position from commits where id = d.commit_id limit 1) as c`,
      [keys.map(({ clusterUid }) => clusterUid), keys.map(({ applicationUid }) => applicationUid)],
    );
    return rows.map((row) => ({ ...row, position: Number(row.position) }));
  }

  /**
   * Ends `prune` and `orphan` rows whose agent acknowledged them at exactly the position they have; a row that was
   * written since stays. Answers the Applications whose row is gone.
   */
  async retire(
    tx: Transaction,
    clusterUid: string,
    acknowledged: readonly { applicationUid: string; position: number }[],
  ): Promise<string[]> {
    if (acknowledged.length === 0) return [];
    const rows = await tx.query<{ application_uid: string }>(
      `delete from deliveries d using commits c, unnest($2::uuid[], $3::bigint[]) as a(application_uid, position)
       where d.cluster_uid = $1 and d.application_uid = a.application_uid and d.intent in ('prune', 'orphan')
         and c.id = d.commit_id and c.position = a.position
       returning d.application_uid`,
      [clusterUid, acknowledged.map((each) => each.applicationUid), acknowledged.map((each) => each.position)],
    );
    return rows.map((row) => row.application_uid);
  }

  /**
   * Takes finished operations off their rows. The rows keep their position: the agent knows that it finished, and a new
   * position would only make it look at everything again.
   */
  async retireOperations(
    tx: Transaction,
    clusterUid: string,
    finished: readonly { applicationUid: string; operationId: string }[],
  ): Promise<void> {
    if (finished.length === 0) return;
    await tx.query(
      `update deliveries d set operation = null from unnest($2::uuid[], $3::text[]) as f(application_uid, operation_id)
       where d.cluster_uid = $1 and d.application_uid = f.application_uid and d.operation ->> 'id' = f.operation_id`,
      [clusterUid, finished.map((each) => each.applicationUid), finished.map((each) => each.operationId)],
    );
  }

  async countsByCluster(): Promise<ClusterCount[]> {
    const rows = await this.transactions.query<{ cluster_uid: string; intents: Partial<Record<Intent, number>> }>(
      `select cluster_uid, jsonb_object_agg(intent, count) as intents
       from (select cluster_uid, intent, count(*) as count from deliveries group by cluster_uid, intent) as counted
       group by cluster_uid`,
    );
    return rows.map(({ cluster_uid, intents }) => ({
      clusterUid: cluster_uid,
      total: Object.values(intents).reduce((sum, count) => sum + count, 0),
      byIntent: intents,
    }));
  }

  /** What many agents are told after a commit, in one statement. */
  private async forClusters(readers: readonly DeliveryReader[]): Promise<ClusterDeliveries[]> {
    const rows = await this.transactions.query<{ at: string } & (ToldRow | { reader: null })>(
      `select newest.at, told.* from (select coalesce(max(position), 0) as at from commits) as newest
       left join (
         select r.reader, own.* from unnest($1::uuid[], $2::bigint[]) with ordinality as r(cluster_uid, since, reader)
         cross join lateral (
           select ${WATCHED_COLUMNS}, case when r.since >= 0 then (
             select content from digest_documents where digest = d.settings_digest and length(content) <= ${SMALL_SETTINGS}
           ) end as settings
           from ${DELIVERY_TABLES} where d.cluster_uid = r.cluster_uid and c.position > r.since offset 0
         ) as own
       ) as told on true
       order by told.position, told.application_uid`,
      [readers.map(({ clusterUid }) => clusterUid), readers.map(({ since }) => since)],
    );
    const answers = readers.map((): ClusterDeliveries => ({ position: Number(rows[0]?.at ?? 0), deliveries: [] }));
    for (const row of rows) if (row.reader !== null) answers[Number(row.reader) - 1]?.deliveries.push(toTold(row));
    return answers;
  }

  /** The writes that differ from their row, each looked up by its key, and their records with the operation each shall have. */
  private async changed(
    on: Queryable,
    writes: readonly DeliveryWrite[],
  ): Promise<{ written: DeliveryWrite[]; records: Record<string, unknown>[] }> {
    if (writes.length === 0) return { written: [], records: [] };
    const records = writes.map(toDeliveryRecord);
    const rows = await on.query<{ index: string; operation: unknown }>(
      `select r.index, case when (r.item ->> 'keeps_operation')::boolean then d.operation else n.operation end as operation
       from jsonb_array_elements($1::jsonb) with ordinality as r(item, index)
       cross join lateral jsonb_to_record(r.item) as n(${RECORD_SHAPE})
       left join lateral (
         select * from deliveries where cluster_uid = n.cluster_uid and application_uid = n.application_uid limit 1
       ) as d on true
       where d.cluster_uid is null or (${columnsOf('d')}) is distinct from (${columnsOf('n')})
         or (not n.keeps_operation and d.operation is distinct from n.operation)`,
      [JSON.stringify(records)],
    );
    const changes = rows.map(({ index, operation }) => ({ at: Number(index) - 1, operation }));
    return {
      written: changes.flatMap(({ at }) => writes[at] ?? []),
      records: changes.map(({ at, operation }) => ({ ...records[at], operation })),
    };
  }
}

function toTold(row: ToldRow): ToldDelivery {
  return { ...toWatched(row), ...(row.settings === null ? {} : { settings: row.settings }) };
}
