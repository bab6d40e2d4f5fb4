import { Injectable } from '@nestjs/common';
import { Transactions } from '../../../database/transactions.js';
import { Log } from '../../../kernel/log.js';
import { DeliveriesStore } from './deliveries-store.js';
import type { DeliveryWrite, StoredDelivery } from './stored-delivery.js';

/** A stored row as the next write of it. */
export function asWrite({
  position: _position,
  createdAt: _created,
  updatedAt: _updated,
  ...row
}: StoredDelivery): DeliveryWrite {
  return row;
}

/** How the deliveries of a hub object end. Rows stay, and are sent again, until their agents acknowledge them. */
@Injectable()
export class DeliveryEndings {
  constructor(
    private readonly deliveries: DeliveriesStore,
    private readonly transactions: Transactions,
    private readonly log: Log,
  ) {}

  /** Asks every cluster to delete the objects. True once no agent holds any. */
  async prune(uid: string): Promise<boolean> {
    const rows = await this.deliveries.forApplications([uid]);
    const held = rows.filter(({ intent }) => intent !== 'orphan');
    if (held.length > 0) await this.end(held, 'prune');
    return held.length === 0;
  }

  /** Lets every cluster forget the objects and keep them. Rows that already prune go on doing so. */
  async orphan(uid: string, ownerKind: string): Promise<void> {
    const rows = await this.deliveries.forApplications([uid]);
    const live = rows.filter((row) => row.ownerKind === ownerKind && row.intent !== 'prune');
    if (live.length > 0) await this.end(live, 'orphan');
  }

  private async end(rows: readonly StoredDelivery[], intent: 'prune' | 'orphan'): Promise<void> {
    const writes = rows.map((row): DeliveryWrite => ({ ...asWrite(row), intent, operation: null, heldPrunes: [] }));
    const changed = await this.transactions.run((tx) => this.deliveries.put(tx, writes));
    if (changed.length > 0)
      this.log.info({ application: rows[0]?.application, intent, clusters: rows.length }, 'deliveries end');
  }
}
