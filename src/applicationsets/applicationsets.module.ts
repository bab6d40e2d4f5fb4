import { Module } from '@nestjs/common';
import { ApplicationsModule } from '../applications/applications.module.js';
import { DeliveriesModule } from '../dispatch/gateway/deliveries.module.js';
import { WorkQueueModule } from '../reconcile/work-queue.module.js';
import { ApplicationSetOperations } from './application-set-operations.js';
import { ApplicationSetOperationsService } from './application-set-operations.service.js';
import { ApplicationSetKind } from './application-set.kind.js';
import { ApplicationSetPreviewer } from './application-set.previewer.js';
import { ApplicationSetReconciler } from './application-set.reconciler.js';
import { RolloutObservations } from './rollout/rollout-observations.js';
import { RolloutOperations } from './rollout/rollout-operations.js';
import { RolloutStore } from './rollout/rollout-store.js';
import { RolloutReconciler } from './rollout/rollout.reconciler.js';
import { RefreshRequest } from './refresh-request.js';
import { SetPlanner } from './set-planner.js';
import { SetRemoval } from './set-removal.js';

const PUBLIC = [ApplicationSetKind, ApplicationSetPreviewer, ApplicationSetReconciler, RolloutReconciler];

@Module({
  imports: [WorkQueueModule, ApplicationsModule, DeliveriesModule],
  providers: [
    ...PUBLIC,
    RefreshRequest,
    SetPlanner,
    SetRemoval,
    RolloutObservations,
    RolloutOperations,
    RolloutStore,
    { provide: ApplicationSetOperations, useClass: ApplicationSetOperationsService },
  ],
  exports: [...PUBLIC, ApplicationSetOperations],
})
export class ApplicationSetsModule {}
