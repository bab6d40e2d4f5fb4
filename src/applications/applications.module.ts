import { Module } from '@nestjs/common';
import { ClustersModule } from '../clusters/clusters.module.js';
import { DeliveriesModule } from '../dispatch/gateway/deliveries.module.js';
import { ReportSink } from '../dispatch/gateway/report-sink.js';
import { ApplicationConditions } from './application-conditions.js';
import { ApplicationOperations } from './application-operations.js';
import { ApplicationOperationsService } from './application-operations.service.js';
import { ApplicationRemoval } from './application-removal.js';
import { ApplicationReports } from './application-reports.js';
import { ApplicationKind } from './application.kind.js';
import { ApplicationPreviewer } from './application.previewer.js';
import { ApplicationReconciler } from './application.reconciler.js';
import { DeliveryCommit } from './delivery/delivery-commit.js';
import { DeliveryPlanner } from './delivery/delivery-planner.js';
import { HubDocumentDoor } from './hub-documents/hub-document-door.js';
import { HubDocuments } from './hub-documents/hub-documents.js';

const PUBLIC = [ApplicationKind, ApplicationPreviewer, ApplicationReconciler];
const PORTS = [
  { provide: ApplicationOperations, useClass: ApplicationOperationsService },
  { provide: ReportSink, useClass: ApplicationReports },
];

@Module({
  imports: [ClustersModule, DeliveriesModule],
  providers: [
    ...PUBLIC,
    ...PORTS,
    ApplicationConditions,
    ApplicationRemoval,
    DeliveryCommit,
    DeliveryPlanner,
    HubDocumentDoor,
    HubDocuments,
  ],
  exports: [...PUBLIC, ApplicationOperations, ReportSink],
})
export class ApplicationsModule {}
