import { Global, Module } from '@nestjs/common';
import { WorkQueueModule } from '../reconcile/work-queue.module.js';
import { Approvals } from './approvals.js';
import { ApprovalsService } from './approvals.service.js';
import { GuardMemory } from './guard-memory.js';
import { HeldRemovalQueries } from './held-removals.queries.js';
import { RemovalGuard } from './removal-guard.js';

/** Global, since every feature that removes anything asks the guard. */
@Global()
@Module({
  imports: [WorkQueueModule],
  providers: [GuardMemory, RemovalGuard, HeldRemovalQueries, { provide: Approvals, useClass: ApprovalsService }],
  exports: [GuardMemory, RemovalGuard, Approvals],
})
export class ApprovalsModule {}
