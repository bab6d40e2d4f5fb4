import type { DynamicModule } from '@nestjs/common';
import { AccessModule } from './access/access.module.js';
import { ApiModule } from './api/api.module.js';
import { HttpModule } from './api/http/http.module.js';
import { ObservabilityModule } from './api/observability/observability.module.js';
import { ApprovalsModule } from './approvals/approvals.module.js';
import { AuditModule } from './audit/audit.module.js';
import { ClusterKind } from './clusters/cluster.kind.js';
import { ClustersModule } from './clusters/clusters.module.js';
import type { HubConfig, HubRole } from './config/hub-config.js';
import { DatabaseModule, type OpenDatabase } from './database/database.module.js';
import { DocumentsModule } from './documents/documents.module.js';
import { Log } from './kernel/log.js';
import { AppProjectKind } from './projects/app-project.kind.js';
import { ProjectsModule } from './projects/projects.module.js';

export interface HubParts {
  config: HubConfig;
  database: OpenDatabase;
  log: Log;
}

/** What a hub is made of; every list of kinds, reconcilers and doors is spelled out here. */
export class HubModule {
  static of({ config, database, log }: HubParts): DynamicModule {
    const has = (role: HubRole): boolean => config.roles.includes(role);
    return {
      module: HubModule,
      global: true,
      providers: [{ provide: Log, useValue: log }],
      exports: [Log],
      imports: [
        DatabaseModule.of(database),
        AuditModule,
        AccessModule,
        ProjectsModule,
        ClustersModule,
        ApprovalsModule,
        DocumentsModule.of({ imports: [ClustersModule], kinds: [AppProjectKind, ClusterKind], previewers: [] }),
        HttpModule,
        ObservabilityModule,
        ...(has('api') ? [ApiModule] : []),
      ],
    };
  }
}
