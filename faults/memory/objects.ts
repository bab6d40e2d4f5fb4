import type { HubObject, ObjectWrite, Stored } from '../../src/database/objects/hub-object.js';
import { bodyOf } from '../../src/database/objects/object-rows.js';
import { ObjectStore, type ObjectRef, type OwnedVersion } from '../../src/database/objects/object-store.js';
import type { Queryable, Transaction } from '../../src/database/transactions.js';
import { rfc3339, type Clock } from '../../src/kernel/clock.js';
import { conflict } from '../../src/kernel/errors.js';
import type { Ids } from '../../src/kernel/ids.js';
import { jsonEqual, type JsonObject } from '../../src/kernel/json.js';
import { controllerOf } from '../../src/kernel/object.js';
import type { MemoryTransaction } from './memory-transaction.js';
import type { MemoryReader, MemoryTransactions } from './memory-transactions.js';
import type { ClusterVersionRow, ObjectRow, TombstoneRow } from './rows.js';

/** The product's ObjectStore by the rules of its SQL, over rows in memory. */
export class MemoryObjectStore extends ObjectStore {
  constructor(
    private readonly own: MemoryTransactions,
    private readonly given: Ids,
    private readonly clock: Clock,
  ) {
    super(own, given);
  }

  override async find<T extends HubObject>(ref: ObjectRef, on: Queryable = this.own): Promise<Stored<T> | undefined> {
    const rows = await this.rows(on, ({ object: { kind, metadata } }) => kind === ref.kind && isNamed(metadata, ref));
    return rows[0] && stored<T>(on, rows[0]);
  }

  override async withUids<T extends HubObject>(
    uids: readonly string[],
    on: Queryable = this.own,
  ): Promise<Stored<T>[]> {
    const rows = await this.rows(on, ({ object }) => uids.includes(object.metadata.uid));
    return rows.map((row) => stored<T>(on, row));
  }

  override async all<T extends HubObject>(kind: string, on: Queryable = this.own): Promise<Stored<T>[]> {
    const rows = await this.rows(on, ({ object }) => object.kind === kind);
    return rows.map((row) => stored<T>(on, row));
  }

  override async owned<T extends HubObject>(ownerUid: string, on: Queryable = this.own): Promise<Stored<T>[]> {
    const rows = await this.rows(on, ({ scope }) => scope.ownerUid === ownerUid);
    return rows.map((row) => stored<T>(on, row));
  }

  override async ownedUids(ownerUid: string): Promise<string[]> {
    return (await this.owned(ownerUid)).map(({ object }) => object.metadata.uid);
  }

  override async ownedVersion(ownerUid: string, commit?: number): Promise<OwnedVersion> {
    const rows = await this.rows(this.own, ({ scope }) => scope.ownerUid === ownerUid);
    const positions = rows.map((row) => row.commit.position);
    const others = positions.filter((position) => position !== commit);
    return { count: rows.length, position: newest(positions), othersPosition: newest(others) };
  }

  override async named<T extends HubObject>(
    kind: string,
    names: readonly { namespace?: string; name: string }[],
  ): Promise<Stored<T>[]> {
    if (names.length === 0) return [];
    const rows = await this.rows(
      this.own,
      ({ object }) => object.kind === kind && names.some((name) => isNamed(object.metadata, name)),
    );
    return rows.map((row) => stored<T>(this.own, row));
  }

  override async uidsWithin(
    kind: string,
    { projects, clusters }: { projects: readonly string[]; clusters: readonly string[] },
  ): Promise<string[]> {
    if (projects.length + clusters.length === 0) return [];
    const rows = await this.rows(
      this.own,
      ({ object, scope }) =>
        object.kind === kind && (projects.includes(scope.project ?? '') || clusters.includes(scope.cluster ?? '')),
    );
    return rows.map(({ object }) => object.metadata.uid);
  }

  override async version(kinds: readonly string[]): Promise<string> {
    const rows = await this.rows(this.own, ({ object }) => kinds.includes(object.kind));
    return `${rows.length} ${newest(rows.map((row) => row.commit.position))}`;
  }

  override async briefs(kind: string): Promise<{ uid: string; generation: string; project: string | null }[]> {
    const rows = await this.rows(this.own, ({ object }) => object.kind === kind);
    return rows.map(({ object: { metadata }, scope }) => ({
      uid: metadata.uid,
      generation: String(metadata.generation),
      project: scope.project ?? null,
    }));
  }

  override async specs(kind: string, uids: readonly string[]) {
    const rows = await this.rows(this.own, ({ object }) => object.kind === kind && uids.includes(object.metadata.uid));
    return rows.map(({ object: { metadata, spec } }) => ({
      uid: metadata.uid,
      generation: String(metadata.generation),
      spec,
    }));
  }

  override async totals(kinds: readonly string[], owner: { uid: string; project?: string }) {
    const rows = await this.rows(this.own, ({ object }) => kinds.includes(object.kind));
    return {
      owner: rows.filter(({ scope }) => scope.ownerUid === owner.uid).length,
      project: rows.filter(({ scope }) => scope.project === owner.project).length,
      fleet: rows.length,
    };
  }

  override async lock(tx: Transaction, uids: readonly string[]): Promise<Map<string, string>> {
    const own = memory(tx);
    await own.turn();
    const versions = new Map<string, string>();
    for (const uid of [...uids].sort()) {
      if (own.read('objects', uid) === undefined) continue;
      await own.lock(`objects\0${uid}`);
      const row = own.read<ObjectRow>('objects', uid);
      if (row) versions.set(uid, String(row.commit.position));
    }
    return versions;
  }

  override async insert(tx: Transaction, writes: readonly ObjectWrite[]): Promise<string[]> {
    const own = memory(tx);
    await own.turn();
    const uids: string[] = [];
    for (const write of writes) {
      const { kind, metadata } = write.object;
      // As the unique index does: an insert waits for another of the same name, and fails where that commits.
      await own.lock(`name\0${kind}/${metadata.namespace}/${metadata.name}`);
      const taken = own
        .all<ObjectRow>('objects')
        .some((row) => row.object.kind === kind && isNamed(row.object.metadata, metadata));
      if (taken) throw conflict('ALREADY_EXISTS', `an object of that kind, namespace and name exists already`);
      const uid = this.given.uuid();
      await this.put(own, uid, write);
      uids.push(uid);
    }
    return uids;
  }

  override async update(tx: Transaction, writes: readonly ObjectWrite[]): Promise<void> {
    const own = memory(tx);
    if (writes.length > 0) await own.turn();
    for (const write of writes) {
      const uid = write.object.metadata.uid ?? '';
      if (own.read('objects', uid) !== undefined) await this.put(own, uid, write);
    }
  }

  override async delete(tx: Transaction, uids: readonly string[]): Promise<string[]> {
    const own = memory(tx);
    if (uids.length === 0) return [];
    await own.turn();
    for (const uid of uids) {
      await this.change(own, uid, ({ metadata, ...object }) => {
        if ((metadata.finalizers ?? []).length === 0 || metadata.deletionTimestamp !== undefined) return undefined;
        return { ...object, metadata: { ...metadata, deletionTimestamp: rfc3339(this.clock.now()) } };
      });
    }
    return this.removeReleased(own, uids);
  }

  override async disown(tx: Transaction, ownerUids: readonly string[]): Promise<void> {
    const own = memory(tx);
    await own.turn();
    for (const { object, scope } of own.all<ObjectRow>('objects')) {
      if (!ownerUids.includes(scope.ownerUid ?? '')) continue;
      const { uid, ownerReferences = [] } = object.metadata;
      await own.write<ObjectRow>('objects', uid, (row) => {
        if (!row) return undefined;
        const { ownerUid: _gone, ...rest } = row.scope;
        const left = ownerReferences.filter((reference) => !ownerUids.includes(reference.uid));
        const metadata = { ...row.object.metadata, ownerReferences: left };
        return { object: { ...row.object, metadata }, scope: rest, commit: own.commitStamp() };
      });
    }
  }

  override async releaseFinalizer(tx: Transaction, uids: readonly string[], names: readonly string[]): Promise<void> {
    const own = memory(tx);
    if (uids.length === 0) return;
    await own.turn();
    for (const uid of uids) {
      await this.change(own, uid, ({ metadata, ...object }) => {
        const finalizers = (metadata.finalizers ?? []).filter((name) => !names.includes(name));
        return { ...object, metadata: { ...metadata, finalizers } };
      });
    }
    const deleting = uids.filter(
      (uid) => own.read<ObjectRow>('objects', uid)?.object.metadata.deletionTimestamp !== undefined,
    );
    await this.removeReleased(own, deleting);
  }

  private async rows(on: Queryable, fits: (row: ObjectRow) => boolean): Promise<ObjectRow[]> {
    const reader = on as unknown as MemoryReader;
    await reader.turn();
    const order = ({ object: { kind, metadata } }: ObjectRow): string =>
      `${kind} ${metadata.namespace} ${metadata.name}`;
    return reader
      .all<ObjectRow>('objects')
      .filter(fits)
      .sort((a, b) => (order(a) < order(b) ? -1 : 1));
  }

  private async put(tx: MemoryTransaction, uid: string, { object, scope }: ObjectWrite): Promise<void> {
    const { metadata, ...rest } = JSON.parse(JSON.stringify(object)) as HubObject;
    const ownerUid = scope.ownerUid ?? controllerOf(metadata)?.uid;
    await tx.write<ObjectRow>('objects', uid, (row) => {
      const before = row?.object;
      const same = before !== undefined && jsonEqual(bodyOf(before), bodyOf({ ...rest, metadata }));
      const { deletionTimestamp } = before?.metadata ?? {};
      const meta = {
        ...metadata,
        namespace: metadata.namespace ?? '',
        uid,
        generation: (before?.metadata.generation ?? 0) + (same ? 0 : 1),
        labels: metadata.labels ?? {},
        annotations: metadata.annotations ?? {},
        creationTimestamp: before?.metadata.creationTimestamp ?? rfc3339(this.clock.now()),
        ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
      };
      const { status: _status, ...body } = rest;
      const whose = { ...scope, ...(ownerUid === undefined ? {} : { ownerUid }) };
      return { object: { ...body, metadata: meta } as HubObject, scope: whose, commit: tx.commitStamp() };
    });
    if (object.kind === 'Cluster') await keepVersion(tx, uid);
  }

  private async change(
    tx: MemoryTransaction,
    uid: string,
    change: (object: HubObject) => HubObject | undefined,
  ): Promise<void> {
    if (tx.read('objects', uid) === undefined) return;
    await tx.write<ObjectRow>('objects', uid, (row) => {
      const object = row && change(row.object);
      return row && object ? { ...row, object, commit: tx.commitStamp() } : row;
    });
  }

  private async removeReleased(tx: MemoryTransaction, uids: readonly string[]): Promise<string[]> {
    const gone: string[] = [];
    for (const uid of uids) {
      const row = tx.read<ObjectRow>('objects', uid);
      if (!row || (row.object.metadata.finalizers ?? []).length > 0) continue;
      await tx.write('objects', uid, () => undefined);
      const { kind, metadata } = row.object;
      const change = { kind, uid, namespace: metadata.namespace, name: metadata.name, ...row.scope, deleted: true };
      await tx.write<TombstoneRow>('tombstones', uid, () => ({ change, commit: tx.commitStamp() }));
      gone.push(uid);
    }
    return gone;
  }
}

async function keepVersion(tx: MemoryTransaction, uid: string): Promise<void> {
  const commit = tx.commitStamp();
  const row = tx.read<ObjectRow>('objects', uid);
  if (!row) return;
  const { labels, annotations } = row.object.metadata;
  const version = { uid, labels, annotations, spec: row.object.spec, commit };
  await tx.write<ClusterVersionRow[]>('cluster-versions', uid, (rows = []) =>
    [...rows.filter((each) => each.commit !== commit), version].slice(-20),
  );
}

/** As a select joins it: the document, the position of its commit, its status. */
function stored<T extends HubObject>(on: Queryable, { object, scope, commit }: ObjectRow): Stored<T> {
  const status = (on as unknown as MemoryReader).read<JsonObject>('statuses', object.metadata.uid);
  const metadata = { ...object.metadata, resourceVersion: String(commit.position) };
  return { object: { ...object, metadata, ...(status ? { status } : {}) } as T, scope };
}

function isNamed(metadata: { namespace?: string; name: string }, ref: { namespace?: string; name: string }): boolean {
  return metadata.name === ref.name && (metadata.namespace ?? '') === (ref.namespace ?? '');
}

function newest(positions: readonly number[]): string {
  return String(Math.max(0, ...positions));
}

function memory(tx: Transaction): MemoryTransaction {
  return tx as MemoryTransaction;
}
