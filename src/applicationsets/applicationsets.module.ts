import { Module } from '@nestjs/common';
import { ApplicationsModule } from '../applications/applications.module.js';
import { AuditReadingModule } from '../audit/audit-reading.module.js';
import { ClustersModule } from '../clusters/clusters.module.js';
import { DeliveriesModule } from '../dispatch/gateway/deliveries.module.js';
import { WorkQueueModule } from '../reconcile/work-queue.module.js';
import { ApplicationSetOperations } from './application-set-operations.js';
import { ApplicationSetOperationsService } from './application-set-operations.service.js';
import { ApplicationSetResources } from './application-set-resources.service.js';
import { ApplicationSetKind } from './application-set.kind.js';
import { ApplicationSetPreviewer } from './application-set.previewer.js';
import { ApplicationSetReconciler } from './application-set.reconciler.js';
import { ApplicationWhy } from './explain/application-why.service.js';
import { ClusterWhyNot } from './explain/cluster-why-not.service.js';
import { LastWrites } from './explain/last-writes.js';
import { RefreshRequest } from './refresh-request.js';
import { RolloutObservations } from './rollout/rollout-observations.js';
import { RolloutOperations } from './rollout/rollout-operations.js';
import { RolloutStore } from './rollout/rollout-store.js';
import { RolloutReconciler } from './rollout/rollout.reconciler.js';
import { SetMembers } from './set-members.js';
import { SetPlanner } from './set-planner.js';
import { SetRemoval } from './set-removal.js';

const PUBLIC = [ApplicationSetKind, ApplicationSetPreviewer, ApplicationSetReconciler, RolloutReconciler];

@Module({
  imports: [WorkQueueModule, ApplicationsModule, AuditReadingModule, ClustersModule, DeliveriesModule],
  providers: [
    ...PUBLIC,
    ApplicationSetResources,
    ApplicationWhy,
    ClusterWhyNot,
    LastWrites,
    RefreshRequest,
    RolloutObservations,
    RolloutOperations,
    RolloutStore,
    SetMembers,
    SetPlanner,
    SetRemoval,
    { provide: ApplicationSetOperations, useClass: ApplicationSetOperationsService },
  ],
  exports: [...PUBLIC, ApplicationSetOperations, ApplicationSetResources, ApplicationWhy, ClusterWhyNot],
})
export class ApplicationSetsModule {}
