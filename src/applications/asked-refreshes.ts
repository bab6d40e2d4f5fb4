import { Injectable } from '@nestjs/common';
import type { Stored } from '../database/objects/hub-object.js';
import { ObjectStore } from '../database/objects/object-store.js';
import { Transactions } from '../database/transactions.js';
import { BundleStore } from '../rendering/bundle-store.js';
import { RepositoryPoller } from '../repositories/repository-poller.js';
import type { StoredApplication } from './delivery/delivery-decision.js';

const REFRESH_ANNOTATION = 'argocd.argoproj.io/refresh';

/** Refreshes that people ask for by an annotation, which is taken off afterwards (argocd-behaviour.md 4.2). */
@Injectable()
export class AskedRefreshes {
  constructor(
    private readonly store: ObjectStore,
    private readonly bundles: BundleStore,
    private readonly poller: RepositoryPoller,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Looks at the sources now; a hard refresh renders anew what is kept for this Application alone. Without the annotation
   * the Application is another one, which its own change wakes. Repeatable.
   */
  async carryOut({ object, scope }: Stored<StoredApplication>): Promise<void> {
    const { uid, annotations } = object.metadata;
    if (annotations[REFRESH_ANNOTATION] === 'hard') await this.bundles.forget(uid);
    await this.poller.refreshFor({ queue: 'applications', key: uid });
    const { [REFRESH_ANNOTATION]: _done, ...others } = annotations;
    const next = { ...object, metadata: { ...object.metadata, annotations: others } };
    await this.transactions.run(async (tx) => {
      const versions = await this.store.lock(tx, [uid]);
      if (versions.get(uid) === object.metadata.resourceVersion) await this.store.update(tx, [{ object: next, scope }]);
    });
  }
}

export function asksForRefresh({ metadata }: StoredApplication): boolean {
  return REFRESH_ANNOTATION in metadata.annotations;
}
