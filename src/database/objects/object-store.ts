import { Injectable } from '@nestjs/common';
import { conflict } from '../../kernel/errors.js';
import { Ids } from '../../kernel/ids.js';
import type { Queryable, Transaction } from '../transactions.js';
import { sqlState, Transactions } from '../transactions.js';
import type { HubObject, ObjectWrite, Stored } from './hub-object.js';
import { OBJECT_COLUMNS, OBJECT_TABLES, RECORD_SHAPE, toRecord, toStored, type ObjectRow } from './object-rows.js';

/** What an owner controls, as a whole: changes with every change of it. */
export interface OwnedVersion {
  count: number;
  /** Of the newest change; '0' where nothing is owned. */
  position: string;
  /** The same without the changes of one commit, where such is named. */
  othersPosition: string;
}

export interface ObjectRef {
  kind: string;
  namespace: string;
  name: string;
}

const UNIQUE_VIOLATION = '23505';

/**
 * Hub objects of every kind, whichever feature they belong to. Features wrap it in a repository of their own kind and
 * never read another feature's rows through it. Writes are set-based and happen in the caller's transaction.
 */
@Injectable()
export class ObjectStore {
  constructor(
    private readonly transactions: Transactions,
    private readonly ids: Ids,
  ) {}

  async find<T extends HubObject>(ref: ObjectRef, on: Queryable = this.transactions): Promise<Stored<T> | undefined> {
    const rows = await on.query<ObjectRow>(
      `select ${OBJECT_COLUMNS} from ${OBJECT_TABLES} where o.kind = $1 and o.namespace = $2 and o.name = $3`,
      [ref.kind, ref.namespace, ref.name],
    );
    return rows[0] && toStored<T>(rows[0]);
  }

  async findByUid<T extends HubObject>(uid: string, on: Queryable = this.transactions): Promise<Stored<T> | undefined> {
    return (await this.withUids<T>([uid], on))[0];
  }

  /** Those of these objects that exist, in no order. */
  async withUids<T extends HubObject>(
    uids: readonly string[],
    on: Queryable = this.transactions,
  ): Promise<Stored<T>[]> {
    const condition = `o.uid = any($1::uuid[])`;
    const rows = await on.query<ObjectRow>(`select ${OBJECT_COLUMNS} from ${OBJECT_TABLES} where ${condition}`, [uids]);
    return rows.map((row) => toStored<T>(row));
  }

  /** Every object of a kind, by name. For small kinds and pipelines; people page through ObjectQueries. */
  async all<T extends HubObject>(kind: string, on: Queryable = this.transactions): Promise<Stored<T>[]> {
    const rows = await on.query<ObjectRow>(
      `select ${OBJECT_COLUMNS} from ${OBJECT_TABLES} where o.kind = $1 order by o.namespace, o.name`,
      [kind],
    );
    return rows.map((row) => toStored<T>(row));
  }

  /** What an owner controls, by name. */
  async owned<T extends HubObject>(ownerUid: string, on: Queryable = this.transactions): Promise<Stored<T>[]> {
    const rows = await on.query<ObjectRow>(
      `select ${OBJECT_COLUMNS} from ${OBJECT_TABLES} where o.owner_uid = $1 order by o.kind, o.namespace, o.name`,
      [ownerUid],
    );
    return rows.map((row) => toStored<T>(row));
  }

  async ownedUids(ownerUid: string): Promise<string[]> {
    const statement = `select uid from objects where owner_uid = $1`;
    return (await this.transactions.query<{ uid: string }>(statement, [ownerUid])).map((row) => row.uid);
  }

  /** uids of who owns an object, who owns those, and so on. An object that owns itself in a circle is among them. */
  async ownersOf(uid: string): Promise<ReadonlySet<string>> {
    const rows = await this.transactions.query<{ uid: string }>(
      `with recursive owners(uid) as (
         select owner_uid from objects where uid = $1
         union
         select o.owner_uid from objects o join owners using (uid)
       )
       select uid from owners where uid is not null`,
      [uid],
    );
    return new Set(rows.map((row) => row.uid));
  }

  /** `commit` is the position of the commit whose changes `othersPosition` leaves out. */
  async ownedVersion(ownerUid: string, commit?: number): Promise<OwnedVersion> {
    const [row] = await this.transactions.query<{ count: string; position: string; others: string }>(
      `select count(*) as count, coalesce(max(c.position), 0) as position,
         coalesce(max(c.position) filter (where c.position is distinct from $2::bigint), 0) as others
       from objects o join commits c on c.id = o.commit_id where o.owner_uid = $1`,
      [ownerUid, commit ?? null],
    );
    return { count: Number(row?.count), position: row?.position ?? '0', othersPosition: row?.others ?? '0' };
  }

  /** Objects of a kind by their names, in one query; names without an object are passed over. */
  async named<T extends HubObject>(
    kind: string,
    names: readonly { namespace?: string; name: string }[],
  ): Promise<Stored<T>[]> {
    if (names.length === 0) return [];
    const rows = await this.transactions.query<ObjectRow>(
      `select ${OBJECT_COLUMNS} from ${OBJECT_TABLES}
       join unnest($2::text[], $3::text[]) as n(namespace, name) on n.namespace = o.namespace and n.name = o.name
       where o.kind = $1`,
      [kind, names.map(({ namespace }) => namespace ?? ''), names.map(({ name }) => name)],
    );
    return rows.map((row) => toStored<T>(row));
  }

  /** uids of a kind's objects that belong to one of the projects or go to one of the clusters. */
  async uidsWithin(
    kind: string,
    { projects, clusters }: { projects: readonly string[]; clusters: readonly string[] },
  ): Promise<string[]> {
    if (projects.length + clusters.length === 0) return [];
    const rows = await this.transactions.query<{ uid: string }>(
      `select uid from objects where kind = $1 and (project = any($2::text[]) or cluster = any($3::text[]))`,
      [kind, projects, clusters],
    );
    return rows.map((row) => row.uid);
  }

  /** Changes with every change of an object of these kinds: removals change the count, everything else the position. */
  async version(kinds: readonly string[]): Promise<string> {
    const [row] = await this.transactions.query<{ version: string }>(
      `select concat_ws(' ', count(*), max(c.position)) as version
       from objects o join commits c on c.id = o.commit_id where o.kind = any($1::text[])`,
      [kinds],
    );
    return row?.version ?? '';
  }

  /** uid, generation and project of every object of a kind: enough to know which of them must be looked at. */
  briefs(kind: string): Promise<{ uid: string; generation: string; project: string | null }[]> {
    return this.transactions.query(`select uid, generation, project from objects where kind = $1`, [kind]);
  }

  async specs(kind: string, uids: readonly string[]): Promise<{ uid: string; generation: string; spec: unknown }[]> {
    return this.transactions.query(
      `select uid, generation, body -> 'spec' as spec from objects where kind = $1 and uid = any($2::uuid[])`,
      [kind, uids],
    );
  }

  /** How many objects of some kinds an owner, its project and the fleet hold: what the guard measures shares against. */
  async totals(
    kinds: readonly string[],
    owner: { uid: string; project?: string },
  ): Promise<{ owner: number; project: number; fleet: number }> {
    const [row] = await this.transactions.query<{ owner: string; project: string; fleet: string }>(
      `select count(*) filter (where owner_uid = $2) as owner, count(*) filter (where project = $3) as project, count(*) as fleet
       from objects where kind = any($1::text[])`,
      [kinds, owner.uid, owner.project ?? null],
    );
    return { owner: Number(row?.owner), project: Number(row?.project), fleet: Number(row?.fleet) };
  }

  /** Objects that belong to a project, the project itself left out. */
  async countInProject(project: string): Promise<number> {
    return this.count(`kind <> 'AppProject' and project = $1`, [project]);
  }

  /** Objects of other kinds that are destined for a cluster. */
  async countOnCluster(cluster: string): Promise<number> {
    return this.count(`kind <> 'Cluster' and cluster = $1`, [cluster]);
  }

  /**
   * Locks rows in key order (so that two commits cannot deadlock) and answers the resourceVersion of each uid that
   * still exists, for the caller to compare with what its plan read.
   */
  async lock(tx: Transaction, uids: readonly string[]): Promise<Map<string, string>> {
    const rows = await tx.query<{ uid: string; position: string }>(
      `select o.uid, c.position from objects o join commits c on c.id = o.commit_id
       where o.uid = any($1::uuid[]) order by o.uid for update of o`,
      [uids],
    );
    return new Map(rows.map((row) => [row.uid, row.position]));
  }

  /** Answers the new uids, in input order. Throws ALREADY_EXISTS when a name was taken meanwhile. */
  async insert(tx: Transaction, writes: readonly ObjectWrite[]): Promise<string[]> {
    if (writes.length === 0) return [];
    const records = writes.map((write) => toRecord(write, this.ids.uuid()));
    try {
      await tx.query(
        `insert into objects (uid, kind, api_version, namespace, name, project, cluster, owner_uid, labels, annotations,
           owner_references, finalizers, managed_fields, generation, body, created_at, commit_id)
         select uid, kind, api_version, namespace, name, project, cluster, owner_uid, labels, annotations,
           owner_references, finalizers, managed_fields, 1, body, date_trunc('second', now()), $2
         from jsonb_to_recordset($1::jsonb) as r(${RECORD_SHAPE})`,
        [JSON.stringify(records), await tx.commitId()],
      );
    } catch (error) {
      if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
      throw conflict('ALREADY_EXISTS', `an object of that kind, namespace and name exists already`);
    }
    return records.map((record) => record['uid'] as string);
  }

  /**
   * Replaces documents by uid; the generation grows where spec or another body field changed. One under deletion that
   * was left without finalizers is removed.
   */
  async update(tx: Transaction, writes: readonly ObjectWrite[]): Promise<void> {
    if (writes.length === 0) return;
    const records = writes.map((write) => toRecord(write, write.object.metadata.uid ?? ''));
    await tx.query(
      `update objects o set api_version = r.api_version, project = r.project, cluster = r.cluster, owner_uid = r.owner_uid,
         labels = r.labels, annotations = r.annotations, owner_references = r.owner_references, finalizers = r.finalizers,
         managed_fields = r.managed_fields, generation = o.generation + (o.body is distinct from r.body)::int,
         body = r.body, commit_id = $2
       from jsonb_to_recordset($1::jsonb) as r(${RECORD_SHAPE}) where o.uid = r.uid`,
      [JSON.stringify(records), await tx.commitId()],
    );
    const unheld = writes.filter(({ object }) => (object.metadata.finalizers ?? []).length === 0);
    await this.removeDeleting(
      tx,
      unheld.map(({ object }) => object.metadata.uid ?? ''),
    );
  }

  /**
   * Deletes as Kubernetes does: an object with finalizers gets a deletionTimestamp and stays, one without goes and
   * leaves a tombstone. Answers the uids that are gone.
   */
  async delete(tx: Transaction, uids: readonly string[]): Promise<string[]> {
    if (uids.length === 0) return [];
    await tx.query(
      `update objects set deleted_at = date_trunc('second', now()), commit_id = $2
       where uid = any($1::uuid[]) and deleted_at is null and jsonb_array_length(finalizers) > 0`,
      [uids, await tx.commitId()],
    );
    return this.remove(tx, uids);
  }

  /** Lets go of what these own: nobody controls it from then on, and their end does not touch it. */
  async disown(tx: Transaction, ownerUids: readonly string[]): Promise<void> {
    await tx.query(
      `update objects o set owner_uid = null, commit_id = $2,
         owner_references = coalesce((select jsonb_agg(r order by n) from jsonb_array_elements(o.owner_references)
           with ordinality as e(r, n) where r ->> 'uid' <> all($1::text[])), '[]')
       where owner_uid = any($1::uuid[])`,
      [ownerUids, await tx.commitId()],
    );
  }

  /** Takes a finalizer off; objects under deletion whose last one it was are removed. */
  async releaseFinalizer(tx: Transaction, uids: readonly string[], finalizers: readonly string[]): Promise<void> {
    if (uids.length === 0) return;
    await tx.query(
      `update objects set finalizers = finalizers - $2::text[], commit_id = $3 where uid = any($1::uuid[])`,
      [uids, finalizers, await tx.commitId()],
    );
    await this.removeDeleting(tx, uids);
  }

  private async count(condition: string, parameters: readonly unknown[]): Promise<number> {
    const [row] = await this.transactions.query<{ count: string }>(
      `select count(*) from objects where ${condition}`,
      parameters,
    );
    return Number(row?.count);
  }

  private async removeDeleting(tx: Transaction, uids: readonly string[]): Promise<void> {
    if (uids.length === 0) return;
    const deleting = await tx.query<{ uid: string }>(
      `select uid from objects where uid = any($1::uuid[]) and deleted_at is not null`,
      [uids],
    );
    const gone = deleting.map((row) => row.uid);
    if (gone.length > 0) await this.remove(tx, gone);
  }

  private async remove(tx: Transaction, uids: readonly string[]): Promise<string[]> {
    const rows = await tx.query<{ uid: string }>(
      `with gone as (
         delete from objects where uid = any($1::uuid[]) and jsonb_array_length(finalizers) = 0
         returning uid, kind, namespace, name, project, cluster, owner_uid
       )
       insert into tombstones (uid, kind, namespace, name, project, cluster, owner_uid, commit_id)
       select gone.*, $2 from gone returning uid`,
      [uids, await tx.commitId()],
    );
    return rows.map((row) => row.uid);
  }
}
