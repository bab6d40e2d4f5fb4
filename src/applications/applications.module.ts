import { Module } from '@nestjs/common';
import { ClustersModule } from '../clusters/clusters.module.js';
import { DeliveriesModule } from '../dispatch/gateway/deliveries.module.js';
import { WorkQueueModule } from '../reconcile/work-queue.module.js';
import { ApplicationConditions } from './application-conditions.js';
import { ApplicationOperations } from './application-operations.js';
import { ApplicationOperationsService } from './application-operations.service.js';
import { ApplicationRemoval } from './application-removal.js';
import { ApplicationReports } from './application-reports.js';
import { ApplicationKind } from './application.kind.js';
import { ApplicationPreviewer } from './application.previewer.js';
import { ApplicationReconciler } from './application.reconciler.js';
import { AskedRefreshes } from './asked-refreshes.js';
import { DeliveryCommit } from './delivery/delivery-commit.js';
import { DeliveryPlanner } from './delivery/delivery-planner.js';
import { DeliveryReadings } from './delivery/delivery-readings.js';
import { SyncRemovals } from './delivery/sync-removals.js';
import { HubDocumentDoor } from './hub-documents/hub-document-door.js';
import { HubBundleReader } from './hub-documents/hub-bundle-reader.js';
import { HubDocuments } from './hub-documents/hub-documents.js';
import { MemberApplications } from './member-applications.js';
import { ApplicationDiffs } from './revisions/application-diff.service.js';
import { RepositoryImpacts } from './revisions/repository-impact.service.js';
import { RevisionRenders } from './revisions/revision-renders.js';
import { OperationStart } from './operation-start.js';

const PUBLIC = [
  ApplicationDiffs,
  RepositoryImpacts,
  ApplicationKind,
  ApplicationPreviewer,
  ApplicationReconciler,
  ApplicationReports,
];

@Module({
  imports: [ClustersModule, DeliveriesModule, WorkQueueModule],
  providers: [
    ...PUBLIC,
    { provide: ApplicationOperations, useClass: ApplicationOperationsService },
    ApplicationConditions,
    ApplicationRemoval,
    AskedRefreshes,
    DeliveryCommit,
    DeliveryPlanner,
    DeliveryReadings,
    HubBundleReader,
    HubDocumentDoor,
    MemberApplications,
    HubDocuments,
    OperationStart,
    RevisionRenders,
    SyncRemovals,
  ],
  exports: [...PUBLIC, ApplicationOperations, HubDocuments, OperationStart],
})
export class ApplicationsModule {}
