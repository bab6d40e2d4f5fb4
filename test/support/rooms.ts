import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { TestingModule } from '@nestjs/testing';
import { pino } from 'pino';
import { AccessModule } from '../../src/access/access.module.js';
import { ApprovalsModule } from '../../src/approvals/approvals.module.js';
import { AuditModule } from '../../src/audit/audit.module.js';
import { ClusterKind } from '../../src/clusters/cluster.kind.js';
import { ClustersModule } from '../../src/clusters/clusters.module.js';
import type { HubRole } from '../../src/config/hub-config.js';
import { SealingModule } from '../../src/config/sealing.module.js';
import { CommitListener } from '../../src/database/commit-listener.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { DocumentsModule } from '../../src/documents/documents.module.js';
import { Log } from '../../src/kernel/log.js';
import { AppProjectKind } from '../../src/projects/app-project.kind.js';
import { ProjectsModule } from '../../src/projects/projects.module.js';
import { RenderingModule } from '../../src/rendering/rendering.module.js';
import { ArgoSecrets } from '../../src/repositories/argo-secrets.js';
import { ArgoSecretsModule } from '../../src/repositories/argo-secrets.module.js';
import { RepositoriesModule } from '../../src/repositories/repositories.module.js';
import { WebhooksModule } from '../../src/repositories/webhooks/webhooks.module.js';
import { createTestDatabase, type TestDatabase } from './postgres.js';
import { RecordingLog } from './recording-log.js';

export interface Rooms {
  db: TestDatabase;
  log: RecordingLog;
  module: TestingModule;
  close(): Promise<void>;
}

/** The modules of documents, repositories and rendering as a hub composes them, on a database of their own. */
export async function openRooms(roles: readonly HubRole[] = ['api']): Promise<Rooms> {
  const db = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'rooms-'));
  const log = new RecordingLog();
  const commits = new CommitListener(db.url, pino({ level: 'silent' }));

  @Global()
  @Module({ providers: [{ provide: Log, useValue: log }], exports: [Log] })
  class SurroundingsModule {}

  const module = await Test.createTestingModule({
    imports: [
      SurroundingsModule,
      DatabaseModule.of({ dataSource: db.dataSource, commits }),
      SealingModule.of({ id: 'test', key: new Uint8Array(32).fill(7) }),
      AuditModule,
      AccessModule,
      ProjectsModule,
      ApprovalsModule,
      RepositoriesModule.of({ dataDir, pollSeconds: 1, roles }),
      WebhooksModule.of({ webhooks: { secrets: {}, bodyLimitBytes: 1 << 20 } }),
      RenderingModule.of({ dataDir, binaries: {} }),
      DocumentsModule.of({
        imports: [ClustersModule, ArgoSecretsModule],
        kinds: [AppProjectKind, ClusterKind],
        previewers: [],
        foreign: ArgoSecrets,
      }),
    ],
  }).compile();
  await module.init();
  return {
    db,
    log,
    module,
    close: async () => {
      await module.close();
      await db.close();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
