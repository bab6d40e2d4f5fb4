import { Module, type DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { AccessModule } from '../../src/access/access.module.js';
import { FirstAdmin } from '../../src/access/tokens/first-admin.js';
import { ApiModule } from '../../src/api/api.module.js';
import { OperationsApiModule } from '../../src/api/operations-api.module.js';
import { createHttpApplication } from '../../src/api/http/http-application.js';
import { HttpModule } from '../../src/api/http/http.module.js';
import { ObservabilityModule } from '../../src/api/observability/observability.module.js';
import { ApplicationOperations, type SyncOutcome } from '../../src/applications/application-operations.js';
import { ApplicationSetOperations } from '../../src/applicationsets/application-set-operations.js';
import { ApprovalsModule } from '../../src/approvals/approvals.module.js';
import { AuditModule } from '../../src/audit/audit.module.js';
import { ClusterKind } from '../../src/clusters/cluster.kind.js';
import { ClustersModule } from '../../src/clusters/clusters.module.js';
import { CommitListener } from '../../src/database/commit-listener.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { DocumentsModule } from '../../src/documents/documents.module.js';
import { Log } from '../../src/kernel/log.js';
import { AppProjectKind } from '../../src/projects/app-project.kind.js';
import { ProjectsModule } from '../../src/projects/projects.module.js';
import { createTestDatabase, type TestDatabase } from './postgres.js';
import { RecordingLog } from './recording-log.js';

/** Records what the API asked of the features that run operations. */
export class RecordedOperations extends ApplicationOperations {
  readonly asked: unknown[] = [];

  async sync(...[actor, ref, request]: Parameters<ApplicationOperations['sync']>): Promise<SyncOutcome> {
    this.asked.push({ actor, ref, request });
    return { operation: { id: 'operation-1', notAfter: '2026-01-01T00:00:00Z' } };
  }

  async refresh(...[actor, ref]: Parameters<ApplicationOperations['refresh']>): Promise<void> {
    this.asked.push({ actor, ref, refresh: true });
  }
}

@Module({
  providers: [
    RecordedOperations,
    { provide: ApplicationOperations, useExisting: RecordedOperations },
    { provide: ApplicationSetOperations, useExisting: RecordedOperations },
  ],
  exports: [RecordedOperations, ApplicationOperations, ApplicationSetOperations],
})
class RecordedOperationsModule {}

@Module({})
class TestHubModule {}

export interface TestApi {
  app: NestFastifyApplication;
  database: TestDatabase;
  log: RecordingLog;
  operations: RecordedOperations;
  url: string;
  adminToken: string;
  /** A request with the admin's token unless another, or null for none, is given. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** The token of a role of a project. */
  roleToken(project: string, role: string): Promise<string>;
  close(): Promise<void>;
}

export interface CallOptions {
  body?: unknown;
  /** Sends the body as it is, with this content type. */
  contentType?: string;
  token?: string | null;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies of every shape; assertions judge them
  body: any;
}

/** The API over real HTTP on a database of its own, with the kinds of projects and clusters. */
export async function startApi({ bodyLimitBytes = 10 * 1024 * 1024 } = {}): Promise<TestApi> {
  const database = await createTestDatabase();
  const log = new RecordingLog();
  const app = await createHttpApplication(moduleOf(database, log), { bodyLimitBytes, describeApi: true, log });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const adminToken = (await app.get(FirstAdmin, { strict: false }).ensure()) ?? '';
  const call: TestApi['call'] = (method, path, options = {}) =>
    send(`${url}${path}`, method, { token: adminToken, ...options });
  return {
    app,
    database,
    log,
    operations: app.get(RecordedOperations, { strict: false }),
    url,
    adminToken,
    call,
    roleToken: async (project, role) => {
      const scope = { admin: false, project, role };
      const { body } = await call('POST', '/api/v1/tokens', { body: { name: `${project}-${role}`, scope } });
      return body.secret as string;
    },
    close: async () => {
      await app.close();
      await database.close();
    },
  };
}

function moduleOf(database: TestDatabase, log: RecordingLog): DynamicModule {
  const commits = new CommitListener(database.url, pino({ level: 'silent' }));
  return {
    module: TestHubModule,
    global: true,
    imports: [
      DatabaseModule.of({ dataSource: database.dataSource, commits }),
      AuditModule,
      AccessModule,
      ProjectsModule,
      ClustersModule,
      ApprovalsModule,
      DocumentsModule.of({ imports: [ClustersModule], kinds: [AppProjectKind, ClusterKind], previewers: [] }),
      HttpModule,
      ObservabilityModule,
      OperationsApiModule.of([RecordedOperationsModule]),
      ApiModule,
    ],
    providers: [{ provide: Log, useValue: log }],
    exports: [Log],
  };
}

async function send(
  url: string,
  method: string,
  { body, contentType, token, headers = {} }: CallOptions,
): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    headers: {
      ...(token == null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: contentType === undefined ? JSON.stringify(body) : String(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json') === true;
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    body: isJson && text !== '' ? JSON.parse(text) : undefined,
  };
}
