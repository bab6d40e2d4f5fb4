import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/access/actor.js';
import { Evaluator } from '../../src/access/evaluator.js';
import { AuditLog } from '../../src/audit/audit-log.js';
import type { AuditEntry } from '../../src/audit/audit-entry.js';
import { AuditReader } from '../../src/audit/audit-reader.js';
import { RequestScope } from '../../src/audit/request-scope.js';
import { digestJson } from '../../src/kernel/digest.js';
import { HeldClock } from '../support/held-clock.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { ProjectRoles } from '../support/project-roles.js';
import { RecordingLog } from '../support/recording-log.js';

const admin: Actor = { type: 'token', id: '1', name: 'root', admin: true };
const teamA: Actor = { type: 'token', id: '2', name: 'ci', admin: false, project: 'team-a', role: 'dev' };
const entry: AuditEntry = {
  actor: 'token:root',
  verb: 'update',
  resource: 'projects',
  object: 'argocd/team-a',
  decision: 'allowed',
};

let database: TestDatabase;
let requests: RequestScope;
let audit: AuditLog;
let reader: AuditReader;

beforeEach(async () => {
  database = await createTestDatabase();
  requests = new RequestScope();
  audit = new AuditLog(database.transactions, new HeldClock(), requests, new RecordingLog());
  const roles = new ProjectRoles();
  roles.set('team-a', { dev: ['*, *, team-a/*, allow'] });
  reader = new AuditReader(new Evaluator(roles, audit), database.transactions);
});
afterEach(() => database.close());

describe('the audit log', () => {
  it('keeps digests of what was changed, never the values', async () => {
    await audit.record({ ...entry, before: { secret: 'old' }, after: { secret: 'new' } });
    const [record] = await reader.list(admin, { limit: 10 });
    expect(record).toMatchObject({
      beforeDigest: digestJson({ secret: 'old' }),
      afterDigest: digestJson({ secret: 'new' }),
    });
    expect(JSON.stringify(await database.transactions.query('select * from audit_entries'))).not.toContain('"new"');
  });

  it('refuses changes and removals', async () => {
    await audit.record(entry);
    for (const change of [
      `update audit_entries set actor = 'nobody'`,
      'delete from audit_entries',
      'truncate audit_entries',
    ]) {
      await expect(database.transactions.query(change)).rejects.toThrow('append-only');
    }
    expect(await reader.list(admin, { limit: 10 })).toHaveLength(1);
  });

  it('has no entry for a change that was rolled back', async () => {
    const work = database.transactions.run(async (tx) => {
      await audit.record(entry, tx);
      throw new Error('the change failed');
    });
    await expect(work).rejects.toThrow('the change failed');
    expect(await reader.list(admin, { limit: 10 })).toEqual([]);
  });

  it('names the request it was written in', async () => {
    await requests.run('req-7', () => audit.recordDenial({ ...entry, reason: 'no policy allows it' }));
    expect(await reader.list(admin, { limit: 10 })).toMatchObject([
      { requestId: 'req-7', decision: 'denied', at: '2026-01-01T00:00:00.000Z' },
    ]);
  });

  it('bounds what a denied request can store', async () => {
    await audit.recordDenial({ ...entry, object: `\0${'x'.repeat(100_000)}` });
    const [record] = await reader.list(admin, { limit: 10 });
    expect(record?.object).toBe('x'.repeat(512));
  });
});

describe('reading the audit log', () => {
  it('pages from the newest, by project and decision', async () => {
    for (const project of ['team-a', 'team-b', 'team-a']) await audit.record({ ...entry, project });
    await audit.recordDenial({ ...entry, project: 'team-a' });
    const first = await reader.list(admin, { project: 'team-a', limit: 2 });
    const second = await reader.list(admin, { project: 'team-a', limit: 2, before: first.at(-1)?.id });
    expect([...first, ...second].map(({ decision }) => decision)).toEqual(['denied', 'allowed', 'allowed']);
    expect(await reader.list(admin, { decision: 'denied', limit: 10 })).toHaveLength(1);
  });

  it('tells the newest first however many there are', async () => {
    for (let index = 0; index < 12; index++) await audit.record({ ...entry, reason: `${index}` });
    const newest = await reader.list(admin, { limit: 3 });
    expect(newest.map(({ reason }) => reason)).toEqual(['11', '10', '9']);
  });

  it('tells who wrote an object last, whatever was denied since', async () => {
    for (let index = 0; index < 12; index++) await audit.record({ ...entry, actor: `token:${index}` });
    await audit.recordDenial({ ...entry, actor: 'token:denied' });
    await audit.record({ ...entry, actor: 'token:reader', verb: 'sync' });
    expect(await reader.lastWrite('projects', entry.object)).toMatchObject({ actor: 'token:11' });
    expect(await reader.lastWrite('applications', entry.object)).toBeUndefined();
  });

  it('shows a project role nothing, whatever its policies say of other projects', async () => {
    await audit.record({ ...entry, project: 'team-b' });
    await audit.record(entry);
    expect(await reader.list(teamA, { limit: 10 })).toEqual([]);
  });

  it('refuses a page after what is no entry', async () => {
    await expect(reader.list(admin, { before: '1 or true', limit: 10 })).rejects.toMatchObject({
      code: 'AUDIT_CURSOR',
    });
  });
});
