import { Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AccessModule } from '../../src/access/access.module.js';
import { PolicySource } from '../../src/access/policy-source.js';
import { Authenticator } from '../../src/access/tokens/authenticator.js';
import { FirstAdmin } from '../../src/access/tokens/first-admin.js';
import { AuditModule } from '../../src/audit/audit.module.js';
import { AuditReader } from '../../src/audit/audit-reader.js';
import { AuditReadingModule } from '../../src/audit/audit-reading.module.js';
import { CommitListener } from '../../src/database/commit-listener.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { Log } from '../../src/kernel/log.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { ProjectRoles } from '../support/project-roles.js';
import { RecordingLog } from '../support/recording-log.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const given = [
  { provide: Log, useClass: RecordingLog },
  { provide: PolicySource, useClass: ProjectRoles },
];

@Global()
@Module({ providers: given, exports: [Log, PolicySource] })
class GivenModule {}

it('wires the first admin, the authenticator and the audit reader together', async () => {
  const open = {
    dataSource: database.dataSource,
    commits: new CommitListener(database.url, pino({ level: 'silent' })),
  };
  const imports = [GivenModule, DatabaseModule.of(open), AuditModule, AccessModule, AuditReadingModule];
  const hub = await Test.createTestingModule({ imports }).compile();
  const secret = await hub.get(FirstAdmin).ensure();
  const admin = await hub.get(Authenticator).authenticate(secret ?? '');
  const entries = await hub.get(AuditReader).list(admin, { limit: 10 });
  expect(entries).toMatchObject([{ actor: 'system:first-start', verb: 'create', object: 'first-admin' }]);
});
