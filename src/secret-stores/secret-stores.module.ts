import { Module } from '@nestjs/common';
import { ClustersModule } from '../clusters/clusters.module.js';
import { DeliveriesModule } from '../dispatch/gateway/deliveries.module.js';
import { DistributedStoreReconciler } from './distributed-store.reconciler.js';
import { SecretStoreSetKind } from './secret-store-set.kind.js';
import { SecretStoreSetPreviewer } from './secret-store-set.previewer.js';
import { SecretStoreSetReconciler } from './secret-store-set.reconciler.js';
import { StorePlanner } from './store-planner.js';

const PUBLIC = [SecretStoreSetKind, SecretStoreSetPreviewer, SecretStoreSetReconciler, DistributedStoreReconciler];

@Module({ imports: [ClustersModule, DeliveriesModule], providers: [...PUBLIC, StorePlanner], exports: PUBLIC })
export class SecretStoresModule {}
