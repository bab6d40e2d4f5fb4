import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CONTROL_NAMESPACE } from '../access/access-object.js';
import { ObjectStore } from '../database/objects/object-store.js';
import { Transactions } from '../database/transactions.js';
import type { AppProject } from './domain/app-project.js';

/** The built-in project, as Argo CD makes it (argocd-behaviour.md 5.1). Only platform admins have rights in it. */
const DEFAULT_PROJECT: AppProject = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name: 'default', namespace: CONTROL_NAMESPACE },
  spec: {
    sourceRepos: ['*'],
    destinations: [{ server: '*', namespace: '*' }],
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
  },
};

/** Makes the default project where there is none. */
@Injectable()
export class DefaultProject implements OnApplicationBootstrap {
  constructor(
    private readonly store: ObjectStore,
    private readonly transactions: Transactions,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.transactions.run(async (tx) => {
      await tx.query(`select pg_advisory_xact_lock(hashtext('default-project'))`);
      const found = await this.store.find({ kind: 'AppProject', namespace: CONTROL_NAMESPACE, name: 'default' }, tx);
      if (!found) await this.store.insert(tx, [{ object: DEFAULT_PROJECT, scope: { project: 'default' } }]);
    });
  }
}
