import type { ClusterFacts } from '../../src/clusters/domain/cluster-facts.js';
import { ClusterFactsReader } from '../../src/clusters/cluster-facts-reader.js';
import { ClusterReader, clusterInfo, type ClusterInfo } from '../../src/clusters/cluster-reader.js';
import { StatusStore, type StatusWrite } from '../../src/database/objects/status-store.js';
import type { Queryable } from '../../src/database/transactions.js';
import type { ApiResourceFact } from '../../src/dispatch/protocol/join.js';
import { ClusterHistory, type ClusterEdit } from '../../src/generation/cluster-history.js';
import { RollingSets } from '../../src/generation/rolling-sets.js';
import { jsonEqual, type JsonObject } from '../../src/kernel/json.js';
import type { ObjectChange } from '../../src/reconcile/object-change.js';
import {
  RepositoryReaders,
  type RepositoryReader,
  type RepositoryReads,
  type WatchedRepository,
} from '../../src/repositories/repository-readers.js';
import type { MemoryTransaction } from './memory-transaction.js';
import type { MemoryReader, MemoryTransactions } from './memory-transactions.js';
import type { MemoryObjectStore } from './objects.js';
import type { ClusterVersionRow, ObjectRow } from './rows.js';
import type { FeedRow } from './work.js';

export class MemoryStatuses extends StatusStore {
  constructor(private readonly own: MemoryTransactions) {
    super(own);
  }

  override async write(writes: readonly StatusWrite[], on: Queryable = this.own): Promise<string[]> {
    if (writes.length === 0) return [];
    if (on === this.own) return this.own.run((tx) => this.write(writes, tx));
    const tx = on as MemoryTransaction;
    await tx.turn();
    const changed: string[] = [];
    for (const { uid, status } of writes) {
      if (tx.read('objects', uid) === undefined) continue;
      await tx.write<JsonObject>('statuses', uid, (before = {}) => {
        const after = { ...before, ...status };
        if (!jsonEqual(before, after)) changed.push(uid);
        return after;
      });
    }
    return changed;
  }
}

export class MemoryClusters extends ClusterReader {
  constructor(
    private readonly own: MemoryTransactions,
    private readonly store: MemoryObjectStore,
  ) {
    super(own);
  }

  override async all(on: Queryable = this.own): Promise<ClusterInfo[]> {
    return (await this.store.all('Cluster', on)).map(({ object }) => clusterInfo(object));
  }

  override async changedSince(position: string): Promise<{ changed: ClusterInfo[]; count: number }> {
    const all = await this.all();
    return { changed: all.filter((each) => Number(each.resourceVersion) > Number(position)), count: all.length };
  }

  override async byName(name: string, on: Queryable = this.own): Promise<ClusterInfo | undefined> {
    return (await this.all(on)).find((cluster) => cluster.name === name);
  }

  override async addressed(names: readonly string[], servers: readonly string[]): Promise<ClusterInfo[]> {
    return (await this.all()).filter(({ name, server }) => names.includes(name) || servers.includes(server));
  }
}

/** Every cluster serves the same. */
export class FixedFacts extends ClusterFactsReader {
  constructor(private readonly served: readonly ApiResourceFact[]) {
    super(undefined as never);
  }

  override async of(clusterUids: readonly string[]): Promise<Map<string, ClusterFacts>> {
    return new Map(clusterUids.map((uid) => [uid, { kubernetesVersion: '', apis: this.served }]));
  }
}

/** Nothing rolls out in steps here. */
export class NoRollouts extends RollingSets {
  constructor() {
    super(undefined as never, undefined as never);
  }

  override async among(): Promise<string[]> {
    return [];
  }

  override async observed(): Promise<void> {
    // Nobody to tell.
  }
}

export class MemoryClusterHistory extends ClusterHistory {
  constructor(private readonly own: MemoryTransactions) {
    super(own);
  }

  override async edits(changes: readonly ObjectChange[]): Promise<ClusterEdit[] | 'unknown'> {
    if (changes.length === 0) return [];
    await this.own.turn();
    if (changes.some(({ deleted }) => deleted)) return 'unknown';
    const edits = changes.map(({ uid }) => this.edit(uid));
    return edits.includes('unknown') ? 'unknown' : (edits as ClusterEdit[]);
  }

  override async moved(changes: readonly ObjectChange[]): Promise<string[]> {
    const clusters = changes.filter(({ kind }) => kind === 'Cluster');
    if (clusters.length > 0) await this.own.turn();
    return clusters.filter(({ uid, deleted }) => deleted || this.edit(uid) === 'unknown').map(({ name }) => name);
  }

  private edit(uid: string): ClusterEdit | 'unknown' {
    const read = this.own.read<FeedRow>('feed', 'cursor')?.position ?? 0;
    const rows = this.own.read<ClusterVersionRow[]>('cluster-versions', uid) ?? [];
    const start = rows.findLastIndex(({ commit }) => commit.position < read);
    if (start < 0) return 'unknown';
    const versions = rows.slice(start);
    return versions.every(({ spec }) => jsonEqual(spec, versions[0]?.spec)) ? { uid, versions } : 'unknown';
  }
}

export class MemoryRepositoryReaders extends RepositoryReaders {
  constructor(private readonly own: MemoryTransactions) {
    super(own);
  }

  override async recordAll(reads: readonly RepositoryReads[]): Promise<void> {
    await this.own.turn();
    const rows = reads.map(({ reader, watches }) => ({ reader, urls: [...watches.keys()].sort() }));
    const changed = rows.filter((row) => !jsonEqual(this.own.read<Reads>('readers', keyOf(row))?.urls ?? [], row.urls));
    if (changed.length === 0) return;
    await this.own.run(async (tx) => {
      for (const row of changed) await (tx as MemoryTransaction).write<Reads>('readers', keyOf(row), () => row);
    });
  }

  override async urlsOf({ queue, key }: RepositoryReader): Promise<string[]> {
    await this.own.turn();
    return this.own.read<Reads>('readers', `${queue} ${key}`)?.urls ?? [];
  }

  /** Whatever of a repository they watch. */
  override async readersOf(watched: readonly WatchedRepository[]): Promise<RepositoryReader[]> {
    await this.own.turn();
    const urls = watched.map(({ url }) => url);
    const rows = this.own.all<Reads>('readers').filter((row) => row.urls.some((url) => urls.includes(url)));
    return rows.map(({ reader }) => reader);
  }
}

interface Reads {
  reader: RepositoryReader;
  urls: string[];
}

const keyOf = ({ reader: { queue, key } }: Reads): string => `${queue} ${key}`;

/** Rows as they are, past every lock: for the checker, which is no part of the system. */
export function objectRows(on: MemoryReader, kind: string): ObjectRow[] {
  return on.all<ObjectRow>('objects').filter(({ object }) => object.kind === kind);
}
