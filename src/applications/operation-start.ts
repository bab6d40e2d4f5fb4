import { Injectable } from '@nestjs/common';
import { ObjectStore } from '../database/objects/object-store.js';
import type { Transaction } from '../database/transactions.js';
import { asWrite } from '../dispatch/gateway/deliveries/delivery-endings.js';
import { DeliveriesStore } from '../dispatch/gateway/deliveries/deliveries-store.js';
import type { StoredDelivery } from '../dispatch/gateway/deliveries/stored-delivery.js';
import type { Operation } from '../dispatch/protocol/delivery.js';
import { conflict } from '../kernel/errors.js';

export interface OperationToStart {
  /** The delivery it is for, as it was when this was decided. */
  row: StoredDelivery;
  operation: Operation;
  /** What pruning must still leave alone; absent leaves that as the delivery has it. */
  heldPrunes?: readonly string[];
}

/** The one door through which operations enter: "sync now" of people and of rollouts. */
@Injectable()
export class OperationStart {
  constructor(
    private readonly store: ObjectStore,
    private readonly deliveries: DeliveriesStore,
  ) {}

  /** All or none. Throws CONFLICT when one of the Applications was delivered anew since it was read. */
  async start(tx: Transaction, operations: readonly OperationToStart[]): Promise<void> {
    const uids = operations.map(({ row }) => row.applicationUid);
    await this.store.lock(tx, uids);
    const current = new Map((await this.deliveries.forApplications(uids, tx)).map((row) => [keyOf(row), row.position]));
    if (operations.some(({ row }) => current.get(keyOf(row)) !== row.position))
      throw conflict('CONFLICT', 'the Application was delivered anew meanwhile', 'Sync again.');
    await this.deliveries.put(
      tx,
      operations.map(({ row, operation, heldPrunes = row.heldPrunes }) => ({ ...asWrite(row), operation, heldPrunes })),
    );
  }
}

/** The delivery that an operation would be for: in force, and not on its way out. */
export function deliverableOf(rows: readonly StoredDelivery[]): StoredDelivery | undefined {
  return rows.find(({ intent }) => intent === 'apply' || intent === 'observe');
}

/** The operation that a cluster was asked for and may still begin or be at. */
export function openOperation({ operation }: StoredDelivery, now: Date): Operation | undefined {
  return operation !== null && Date.parse(operation.notAfter) > now.getTime() ? operation : undefined;
}

function keyOf({ clusterUid, applicationUid }: StoredDelivery): string {
  return `${clusterUid} ${applicationUid}`;
}
