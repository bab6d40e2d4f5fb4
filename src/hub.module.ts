import type { DynamicModule } from '@nestjs/common';
import { AccessModule } from './access/access.module.js';
import { ApiModule } from './api/api.module.js';
import { ApplicationSetsApiModule } from './api/application-sets-api.module.js';
import { ExplanationsApiModule } from './api/explanations-api.module.js';
import { HttpModule } from './api/http/http.module.js';
import { HubMetrics } from './api/observability/hub-metrics.js';
import { ObservabilityModule } from './api/observability/observability.module.js';
import { OperationsApiModule } from './api/operations-api.module.js';
import { RepositoriesApiModule } from './api/repositories-api.module.js';
import { RevisionsApiModule } from './api/revisions-api.module.js';
import { WebhooksApiModule } from './api/webhooks-api.module.js';
import { ApplicationReports } from './applications/application-reports.js';
import { ApplicationKind } from './applications/application.kind.js';
import { ApplicationPreviewer } from './applications/application.previewer.js';
import { ApplicationReconciler } from './applications/application.reconciler.js';
import { ApplicationsModule } from './applications/applications.module.js';
import { ApplicationSetKind } from './applicationsets/application-set.kind.js';
import { ApplicationSetPreviewer } from './applicationsets/application-set.previewer.js';
import { ApplicationSetReconciler } from './applicationsets/application-set.reconciler.js';
import { ApplicationSetsModule } from './applicationsets/applicationsets.module.js';
import { RolloutReconciler } from './applicationsets/rollout/rollout.reconciler.js';
import { ApprovalsModule } from './approvals/approvals.module.js';
import { AuditModule } from './audit/audit.module.js';
import { ClusterKind } from './clusters/cluster.kind.js';
import { ClustersModule } from './clusters/clusters.module.js';
import type { HubConfig, HubRole } from './config/hub-config.js';
import { loadSealKey } from './config/seal-key.js';
import { SealingModule } from './config/sealing.module.js';
import { DatabaseModule, type OpenDatabase } from './database/database.module.js';
import { GatewayModule } from './dispatch/gateway/gateway.module.js';
import { DocumentsModule } from './documents/documents.module.js';
import { GenerationModule } from './generation/generation.module.js';
import { Log } from './kernel/log.js';
import { AppProjectKind } from './projects/app-project.kind.js';
import { ProjectsModule } from './projects/projects.module.js';
import { ReconcileModule } from './reconcile/reconcile.module.js';
import { DownloadableBundles } from './rendering/downloadable-bundles.js';
import { RenderingModule } from './rendering/rendering.module.js';
import { ArgoSecretsModule } from './repositories/argo-secrets.module.js';
import { ArgoSecrets } from './repositories/argo-secrets.js';
import { RepositoriesModule } from './repositories/repositories.module.js';
import { WebhookReconciler } from './repositories/webhooks/webhook.reconciler.js';
import { WebhooksModule } from './repositories/webhooks/webhooks.module.js';
import { DistributedStoreReconciler } from './secret-stores/distributed-store.reconciler.js';
import { SecretStoreSetKind } from './secret-stores/secret-store-set.kind.js';
import { SecretStoreSetPreviewer } from './secret-stores/secret-store-set.previewer.js';
import { SecretStoreSetReconciler } from './secret-stores/secret-store-set.reconciler.js';
import { SecretStoresModule } from './secret-stores/secret-stores.module.js';

export interface HubParts {
  config: HubConfig;
  database: OpenDatabase;
  /** Names the build that runs (programStamp). */
  program: string;
  log: Log;
}

const FEATURES = [ClustersModule, ApplicationSetsModule, ApplicationsModule, SecretStoresModule];
const KINDS = [AppProjectKind, ClusterKind, ApplicationSetKind, ApplicationKind, SecretStoreSetKind];
const PREVIEWERS = [ApplicationSetPreviewer, ApplicationPreviewer, SecretStoreSetPreviewer];
const RECONCILERS = [
  ApplicationSetReconciler,
  RolloutReconciler,
  ApplicationReconciler,
  SecretStoreSetReconciler,
  DistributedStoreReconciler,
  WebhookReconciler,
];

/** What a hub is made of; every list of kinds, reconcilers and doors is spelled out here. */
export class HubModule {
  static of({ config, database, program, log }: HubParts): DynamicModule {
    const has = (role: HubRole): boolean => config.roles.includes(role);
    return {
      module: HubModule,
      global: true,
      providers: [{ provide: Log, useValue: log }],
      exports: [Log],
      imports: [
        DatabaseModule.of(database),
        SealingModule.of(loadSealKey(config)),
        AuditModule,
        AccessModule,
        ProjectsModule,
        RepositoriesModule.of(config),
        WebhooksModule.of(config),
        RenderingModule.of(config, HubMetrics),
        ApprovalsModule,
        GenerationModule.of(program),
        ...FEATURES,
        DocumentsModule.of({
          imports: [...FEATURES, ArgoSecretsModule],
          kinds: KINDS,
          previewers: PREVIEWERS,
          foreign: ArgoSecrets,
        }),
        HttpModule,
        ObservabilityModule,
        ...(has('api')
          ? [
              ApiModule,
              RepositoriesApiModule,
              WebhooksApiModule,
              OperationsApiModule.of(FEATURES),
              ApplicationSetsApiModule.of(FEATURES),
              ExplanationsApiModule.of(FEATURES),
              RevisionsApiModule.of(FEATURES),
            ]
          : []),
        ...(has('gateway')
          ? [GatewayModule.of({ imports: FEATURES, bundles: DownloadableBundles, reports: ApplicationReports })]
          : []),
        ...(has('controller')
          ? [ReconcileModule.of({ imports: FEATURES, reconcilers: RECONCILERS, metrics: HubMetrics })]
          : []),
      ],
    };
  }
}
