import { Injectable } from '@nestjs/common';
import { ObjectStore } from '../database/objects/object-store.js';
import { Transactions } from '../database/transactions.js';
import { DeliveryEndings } from '../dispatch/gateway/deliveries/delivery-endings.js';
import { Log } from '../kernel/log.js';
import { done, type Outcome } from '../reconcile/outcome.js';
import { RepositoryReaders } from '../repositories/repository-readers.js';
import type { StoredApplication } from './delivery/delivery-decision.js';
import { HubDocuments } from './hub-documents/hub-documents.js';

/** With or without a suffix such as `/background` (argocd-behaviour.md 4.6). */
const RESOURCES_FINALIZER = 'resources-finalizer.argocd.argoproj.io';

/** The end of an Application: prune with its finalizer, orphan without; the name is free when agents have said so. */
@Injectable()
export class ApplicationRemoval {
  constructor(
    private readonly store: ObjectStore,
    private readonly endings: DeliveryEndings,
    private readonly hubDocuments: HubDocuments,
    private readonly readers: RepositoryReaders,
    private readonly transactions: Transactions,
    private readonly log: Log,
  ) {}

  /** Marked for deletion and held by finalizers. The agent's word that all is gone wakes this again. */
  async remove(application: StoredApplication): Promise<Outcome> {
    const { uid, name, finalizers = [] } = application.metadata;
    const ours = finalizers.filter((finalizer) => finalizer.split('/')[0] === RESOURCES_FINALIZER);
    if (ours.length === 0) return done();
    const gone = (await this.endings.prune(uid)) && (await this.hubDocuments.remove(application));
    if (!gone) return done();
    await this.transactions.run((tx) => this.store.releaseFinalizer(tx, [uid], ours));
    this.log.info({ application: name }, 'Application removed');
    return done();
  }

  /** The document is gone: what it left on clusters and in the hub is forgotten there, never deleted. */
  async orphan(uid: string): Promise<Outcome> {
    await this.readers.record({ queue: 'applications', key: uid }, new Map());
    await this.endings.orphan(uid, 'Application');
    await this.hubDocuments.release(uid);
    return done();
  }
}
