import { Injectable } from '@nestjs/common';
import { ObjectStore } from '../database/objects/object-store.js';
import { Transactions } from '../database/transactions.js';
import { RemoteInputs } from '../expansion/fetchers/remote-inputs.js';
import { conflict } from '../kernel/errors.js';
import { RepositoryPoller } from '../repositories/repository-poller.js';
import type { Stored } from '../database/objects/hub-object.js';
import type { StoredSet } from './set-planner.js';

const ANNOTATION = 'argocd.argoproj.io/application-set-refresh';

/** Looking at a set's inputs anew, past every cache: by the API or by Argo CD's annotation (argocd-behaviour.md 3.7). */
@Injectable()
export class RefreshRequest {
  constructor(
    private readonly store: ObjectStore,
    private readonly poller: RepositoryPoller,
    private readonly remote: RemoteInputs,
    private readonly transactions: Transactions,
  ) {}

  isAsked({ metadata }: StoredSet): boolean {
    return metadata.annotations[ANNOTATION] === 'true';
  }

  async refresh({ metadata }: { metadata: { uid: string; namespace: string; name: string } }): Promise<void> {
    this.remote.refresh(metadata);
    await this.poller.refreshFor({ queue: 'applicationsets', key: metadata.uid });
  }

  /** Refreshes, then takes the annotation off: that change wakes the set. Throws STALE_PLAN when it was changed. */
  async answer({ object, scope }: Stored<StoredSet>): Promise<void> {
    await this.refresh(object);
    const { uid, name, resourceVersion } = object.metadata;
    const { [ANNOTATION]: _asked, ...annotations } = object.metadata.annotations;
    await this.transactions.run(async (tx) => {
      const version = (await this.store.lock(tx, [uid])).get(uid);
      if (version !== resourceVersion) throw conflict('STALE_PLAN', `"${name}" changed while it was refreshed`);
      await this.store.update(tx, [{ object: { ...object, metadata: { ...object.metadata, annotations } }, scope }]);
    });
  }
}
