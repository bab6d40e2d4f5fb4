import { Injectable } from '@nestjs/common';
import { ObjectStore } from '../database/objects/object-store.js';
import { Transactions } from '../database/transactions.js';
import { DeliveriesStore } from '../dispatch/gateway/deliveries/deliveries-store.js';
import type { StoredDelivery } from '../dispatch/gateway/deliveries/stored-delivery.js';
import { Log } from '../kernel/log.js';
import { done, type Outcome } from '../reconcile/outcome.js';
import { RepositoryReaders } from '../repositories/repository-readers.js';
import type { StoredApplication } from './delivery/delivery-decision.js';
import { asWrite } from './delivery/delivery-planner.js';
import { HubDocuments } from './hub-documents/hub-documents.js';

/** With or without a suffix such as `/background` (argocd-behaviour.md 4.6). */
const RESOURCES_FINALIZER = 'resources-finalizer.argocd.argoproj.io';

/** The end of an Application: prune with its finalizer, orphan without, and the name is free only when agents have said so. */
@Injectable()
export class ApplicationRemoval {
  constructor(
    private readonly store: ObjectStore,
    private readonly deliveries: DeliveriesStore,
    private readonly hubDocuments: HubDocuments,
    private readonly readers: RepositoryReaders,
    private readonly transactions: Transactions,
    private readonly log: Log,
  ) {}

  /** Marked for deletion and held by finalizers. The agent's word that all is gone wakes this again. */
  async remove(application: StoredApplication): Promise<Outcome> {
    const { uid, finalizers = [] } = application.metadata;
    const cascades = finalizers.some((finalizer) => finalizer.split('/')[0] === RESOURCES_FINALIZER);
    const rows = await this.deliveries.forApplications([uid]);
    const waiting = rows.filter(({ intent }) => intent !== 'orphan');
    if (cascades && waiting.length > 0) return this.retireRows(rows, 'prune', application.metadata.name);
    const hubDone = !cascades || (await this.hubDocuments.remove(application));
    if (!hubDone) return done();
    const ours = finalizers.filter((finalizer) => finalizer.split('/')[0] === RESOURCES_FINALIZER);
    await this.transactions.run((tx) => this.store.releaseFinalizer(tx, [uid], ours));
    this.log.info({ application: application.metadata.name }, 'Application removed');
    return done();
  }

  /** The document is gone: what it left on clusters is forgotten there, never deleted. */
  async orphan(uid: string): Promise<Outcome> {
    await this.readers.record({ queue: 'applications', key: uid }, new Set());
    const rows = (await this.deliveries.forApplications([uid])).filter(({ ownerKind }) => ownerKind === 'Application');
    const live = rows.filter(({ intent }) => intent !== 'prune');
    return live.length === 0 ? done() : this.retireRows(live, 'orphan', rows[0]?.application ?? uid);
  }

  private async retireRows(
    rows: readonly StoredDelivery[],
    intent: 'prune' | 'orphan',
    name: string,
  ): Promise<Outcome> {
    const writes = rows.map((row) => ({
      ...asWrite(row),
      intent: row.intent === 'orphan' ? ('orphan' as const) : intent,
      operation: null,
      heldPrunes: [],
    }));
    const changed = await this.transactions.run((tx) => this.deliveries.put(tx, writes));
    if (changed > 0)
      this.log.info({ application: name, intent, clusters: rows.length }, 'Application leaves its clusters');
    return done();
  }
}
