import { Module } from '@nestjs/common';
import { WorkQueueModule } from '../reconcile/work-queue.module.js';
import { ApplicationSetOperations } from './application-set-operations.js';
import { ApplicationSetOperationsService } from './application-set-operations.service.js';
import { ApplicationSetKind } from './application-set.kind.js';
import { ApplicationSetPreviewer } from './application-set.previewer.js';
import { ApplicationSetReconciler } from './application-set.reconciler.js';
import { SetPlanner } from './set-planner.js';

const PUBLIC = [ApplicationSetKind, ApplicationSetPreviewer, ApplicationSetReconciler];

@Module({
  imports: [WorkQueueModule],
  providers: [...PUBLIC, SetPlanner, { provide: ApplicationSetOperations, useClass: ApplicationSetOperationsService }],
  exports: [...PUBLIC, ApplicationSetOperations],
})
export class ApplicationSetsModule {}
