import type { Queryable, Transaction } from '../../src/database/transactions.js';
import {
  DeliveriesStore,
  type ClusterDeliveries,
  type DeliveryInForce,
  type DeliveryKey,
} from '../../src/dispatch/gateway/deliveries/deliveries-store.js';
import { DeliveryTotals, type ObjectTotals } from '../../src/dispatch/gateway/deliveries/delivery-totals.js';
import { DigestDocuments } from '../../src/dispatch/gateway/deliveries/digest-documents.js';
import type {
  DeliveryWrite,
  StoredDelivery,
  WatchedDelivery,
} from '../../src/dispatch/gateway/deliveries/stored-delivery.js';
import { digestBytes } from '../../src/kernel/digest.js';
import { canonicalJson, jsonEqual } from '../../src/kernel/json.js';
import type { CommitStamp } from './database.js';
import type { MemoryTransaction } from './memory-transaction.js';
import type { MemoryReader, MemoryTransactions } from './memory-transactions.js';
import type { ObjectRow } from './rows.js';

interface DeliveryRow {
  write: DeliveryWrite;
  commit: CommitStamp;
}

const EPOCH = new Date(0);
const keyOf = ({ clusterUid, applicationUid }: DeliveryWrite): string => `${clusterUid} ${applicationUid}`;

/** One row for each (cluster, Application), by the rules of the product's SQL. */
export class MemoryDeliveries extends DeliveriesStore {
  constructor(private readonly own: MemoryTransactions) {
    super(own);
  }

  override async put(tx: Transaction, writes: readonly DeliveryWrite[]): Promise<readonly DeliveryWrite[]> {
    const own = tx as MemoryTransaction;
    await own.turn();
    const changed = writes.filter((write) => differs(own, write));
    for (const write of changed) {
      await own.write<DeliveryRow>('deliveries', keyOf(write), (row) => ({
        write: settled(write, row),
        commit: own.commitStamp(),
      }));
    }
    return changed;
  }

  override async differing(writes: readonly DeliveryWrite[]): Promise<readonly DeliveryWrite[]> {
    await this.own.turn();
    return writes.filter((write) => differs(this.own, write));
  }

  override async forApplications(uids: readonly string[], on: Queryable = this.own): Promise<StoredDelivery[]> {
    const reader = on as unknown as MemoryReader;
    await reader.turn();
    return rowsOf(reader)
      .filter(({ write }) => uids.includes(write.applicationUid))
      .map((row) => ({ ...watched(row), objects: row.write.objects, createdAt: EPOCH, updatedAt: EPOCH }));
  }

  override async forCluster(clusterUid: string, since = -1): Promise<ClusterDeliveries> {
    await this.own.turn();
    const rows = rowsOf(this.own).filter(
      ({ write, commit }) => write.clusterUid === clusterUid && commit.position > since,
    );
    const deliveries = rows.map(watched).sort((a, b) => a.position - b.position);
    return { position: this.own.database.position, deliveries };
  }

  override async inForce(tx: Transaction, keys: readonly DeliveryKey[]): Promise<DeliveryInForce[]> {
    const own = tx as MemoryTransaction;
    await own.turn();
    return keys.flatMap(({ clusterUid, applicationUid }) => {
      const row = own.read<DeliveryRow>('deliveries', `${clusterUid} ${applicationUid}`);
      if (!row) return [];
      return [{ clusterUid, applicationUid, ownerKind: row.write.ownerKind, position: row.commit.position }];
    });
  }

  override async retire(
    tx: Transaction,
    clusterUid: string,
    acknowledged: readonly { applicationUid: string; position: number }[],
  ): Promise<string[]> {
    const own = tx as MemoryTransaction;
    await own.turn();
    const retired: string[] = [];
    for (const { applicationUid, position } of acknowledged) {
      const key = `${clusterUid} ${applicationUid}`;
      if (own.read('deliveries', key) === undefined) continue;
      await own.write<DeliveryRow>('deliveries', key, (row) => {
        const ends = row && ['prune', 'orphan'].includes(row.write.intent) && row.commit.position === position;
        if (ends) retired.push(applicationUid);
        return ends ? undefined : row;
      });
    }
    return retired;
  }

  override async retireOperations(): Promise<void> {
    // Nobody asks for operations here.
  }
}

/** What a row would be: lists are sets, and whoever does not name an operation keeps the one that is there. */
function settled(write: DeliveryWrite, row: DeliveryRow | undefined): DeliveryWrite {
  const operation = write.operation === undefined ? (row?.write.operation ?? null) : write.operation;
  return { ...write, operation, heldPrunes: [...write.heldPrunes].sort(), objects: [...write.objects].sort() };
}

function differs(on: MemoryReader, write: DeliveryWrite): boolean {
  const row = on.read<DeliveryRow>('deliveries', keyOf(write));
  return row === undefined || !jsonEqual(settled(write, row), row.write);
}

function rowsOf(on: MemoryReader): DeliveryRow[] {
  return on.all<DeliveryRow>('deliveries').sort((a, b) => (keyOf(a.write) < keyOf(b.write) ? -1 : 1));
}

function watched({ write: { objects: _objects, ...write }, commit }: DeliveryRow): WatchedDelivery {
  return { ...write, operation: write.operation ?? null, position: commit.position };
}

export class MemoryTotals extends DeliveryTotals {
  constructor(private readonly own: MemoryTransactions) {
    super(own);
  }

  override async objects(countedUnder: string, project: string): Promise<ObjectTotals> {
    await this.own.turn();
    const sum = (fits: (row: DeliveryRow) => boolean): number =>
      rowsOf(this.own)
        .filter(fits)
        .reduce((total, { write }) => total + write.objects.length, 0);
    const ownerOf = (uid: string): string | undefined => this.own.read<ObjectRow>('objects', uid)?.scope.ownerUid;
    return {
      owner: sum(({ write: { applicationUid: uid } }) => uid === countedUnder || ownerOf(uid) === countedUnder),
      project: sum(({ write }) => write.project === project),
      fleet: sum(() => true),
    };
  }
}

export class MemoryDocuments extends DigestDocuments {
  constructor(private readonly own: MemoryTransactions) {
    super(own);
  }

  override async save(tx: Transaction, documents: readonly unknown[]): Promise<string[]> {
    const own = tx as MemoryTransaction;
    await own.turn();
    const texts = documents.map(canonicalJson);
    for (const text of texts) await own.write('documents', digestBytes(text), () => text);
    return texts.map((text) => digestBytes(text));
  }

  override async read(digest: string): Promise<string | undefined> {
    await this.own.turn();
    return this.own.read<string>('documents', digest);
  }
}
