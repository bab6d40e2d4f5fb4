import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/access/actor.js';
import { RESOURCES, VERBS, type AccessObject, type Resource, type Verb } from '../../src/access/access-object.js';
import { Evaluator } from '../../src/access/evaluator.js';
import { createAuditLog } from '../support/audit.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { ProjectRoles } from '../support/project-roles.js';
import { RecordingLog } from '../support/recording-log.js';

const admin: Actor = { type: 'token', id: '1', name: 'root', admin: true };
const teamA: Actor = { type: 'token', id: '2', name: 'ci', admin: false, project: 'team-a', role: 'dev' };
const ownA: Actor = { type: 'project', project: 'team-a' };
const system: Actor = { type: 'system', component: 'applications' };

let database: TestDatabase;
let roles: ProjectRoles;
let evaluator: Evaluator;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(() => {
  roles = new ProjectRoles();
  roles.set('team-a', { dev: ['applications, get, team-a/*, allow', 'applications, sync, team-a/*, allow'] });
  roles.set('team-b', { dev: ['applications, *, team-b/*, allow'] });
  evaluator = new Evaluator(roles, createAuditLog(database.transactions));
});

async function can(actor: Actor, verb: Verb, resource: Resource, object: AccessObject): Promise<boolean> {
  return (await evaluator.can(actor, verb, resource, object)).allowed;
}

const web = { project: 'team-a', name: 'web', namespace: 'argocd' };

describe('a platform admin', () => {
  it('may do everything', async () => {
    for (const resource of RESOURCES) {
      for (const verb of VERBS) expect(await can(admin, verb, resource, { name: 'x' })).toBe(true);
    }
  });
});

describe('a project role token', () => {
  it('does what its role says, in its project', async () => {
    expect(await can(teamA, 'get', 'applications', web)).toBe(true);
    expect(await can(teamA, 'sync', 'applications', web)).toBe(true);
    expect(await can(teamA, 'delete', 'applications', web)).toBe(false);
    expect(await can(teamA, 'get', 'applications', { ...web, project: 'team-b' })).toBe(false);
  });

  it('lists and watches what it may get', async () => {
    expect(await can(teamA, 'list', 'applications', web)).toBe(true);
    expect(await can(teamA, 'watch', 'applications', web)).toBe(true);
  });

  it('gets its project without a policy, and no other', async () => {
    expect(await can(teamA, 'get', 'projects', { name: 'team-a' })).toBe(true);
    expect(await can(teamA, 'update', 'projects', { name: 'team-a' })).toBe(false);
    expect(await can(teamA, 'get', 'projects', { name: 'team-b' })).toBe(false);
  });

  it('has no rights over what belongs to no project', async () => {
    roles.set('team-a', { dev: ['clusters, *, *, allow', '*, *, *, allow'] });
    expect(await can(teamA, 'get', 'clusters', { name: 'prod' })).toBe(false);
    expect(await can(teamA, 'get', 'audit', { name: '' })).toBe(false);
    expect(await can(teamA, 'create', 'tokens', { name: 'x' })).toBe(false);
  });

  it('stays in its project even where its policies speak of another', async () => {
    roles.set('team-a', { dev: ['applications, *, */*, allow', 'applications, *, team-b/*, allow'] });
    expect(await can(teamA, 'sync', 'applications', { ...web, project: 'team-b' })).toBe(false);
    const filter = await evaluator.filter(teamA, 'list', 'applications');
    expect(filter.matches({ ...web, project: 'team-b' })).toBe(false);
    expect(filter.matches(web)).toBe(true);
  });

  it('is bound by a deny', async () => {
    roles.set('team-a', { dev: ['applications, *, team-a/*, allow', 'applications, sync, team-a/prod-*, deny'] });
    expect(await can(teamA, 'sync', 'applications', web)).toBe(true);
    expect(await can(teamA, 'sync', 'applications', { ...web, name: 'prod-web' })).toBe(false);
  });

  it('names Applications outside the control namespace with their namespace', async () => {
    roles.set('team-a', { dev: ['applications, get, team-a/apps/web, allow'] });
    expect(await can(teamA, 'get', 'applications', { ...web, namespace: 'apps' })).toBe(true);
    expect(await can(teamA, 'get', 'applications', web)).toBe(false);
  });

  it('loses its rights at once with its role or its project', async () => {
    roles.set('team-a', { other: ['applications, get, team-a/*, allow'] });
    expect(await can(teamA, 'get', 'applications', web)).toBe(false);
    roles.set('team-a', { dev: ['applications, get, team-a/*, allow'] });
    expect(await can(teamA, 'get', 'applications', web)).toBe(true);
    roles.remove('team-a');
    expect(await can(teamA, 'get', 'projects', { name: 'team-a' })).toBe(false);
    expect((await evaluator.filter(teamA, 'list', 'applications')).kind).toBe('none');
  });

  it('has no rights while a policy of its project cannot be read', async () => {
    roles.set('team-a', { dev: ['applications, get, team-a/*, allow'], broken: ['applications'] });
    expect(await can(teamA, 'get', 'applications', web)).toBe(false);
    roles.set('team-a', {
      dev: ['applications, get, team-a/*, allow\np, proj:team-a:dev, projects, update, team-a, allow'],
    });
    expect(await can(teamA, 'update', 'projects', { name: 'team-a' })).toBe(false);
  });
});

describe('what a project owns', () => {
  it('writes Applications, sets and stores of its project', async () => {
    for (const resource of ['applications', 'applicationsets', 'secretstoresets'] as const) {
      expect(await can(ownA, 'create', resource, web)).toBe(true);
      expect(await can(ownA, 'create', resource, { ...web, project: 'team-b' })).toBe(false);
    }
  });

  it('never writes policy, clusters or credentials', async () => {
    for (const resource of ['projects', 'clusters', 'repositories', 'tokens', 'approvals', 'audit'] as const) {
      expect(await can(ownA, 'create', resource, { ...web, name: 'team-a' })).toBe(false);
      expect(await can(ownA, 'update', resource, { ...web, name: 'team-a' })).toBe(false);
    }
  });

  it('takes its project’s name literally', async () => {
    const star: Actor = { type: 'project', project: '*' };
    expect(await can(star, 'create', 'applications', web)).toBe(false);
  });
});

describe('a reconciler', () => {
  it('reads everything and writes nothing', async () => {
    expect(await can(system, 'list', 'tokens', { name: 'x' })).toBe(true);
    expect(await can(system, 'update', 'applications', web)).toBe(false);
    expect((await evaluator.filter(system, 'list', 'applications')).kind).toBe('all');
    expect((await evaluator.filter(system, 'delete', 'applications')).kind).toBe('none');
  });
});

describe('a denied attempt', () => {
  it('reads the same for an absent and a forbidden name, and is audited', async () => {
    const other = { ...web, project: 'team-b' };
    const absent = { name: 'web', namespace: 'argocd' };
    const refuse = async (object: AccessObject): Promise<unknown> =>
      evaluator.require(teamA, 'get', 'applications', object).catch((error: unknown) => error);
    const [forbidden, missing] = [await refuse(other), await refuse(absent)];
    expect(forbidden).toMatchObject({ kind: 'forbidden', code: 'FORBIDDEN' });
    expect({ ...(missing as Error), message: (missing as Error).message }).toEqual({
      ...(forbidden as Error),
      message: (forbidden as Error).message,
    });
    const rows = await database.transactions.query(
      `select actor, verb, resource, object, project, decision from audit_entries order by id`,
    );
    const denied = { actor: 'token:ci', verb: 'get', resource: 'applications', object: 'web', decision: 'denied' };
    expect(rows).toEqual([
      { ...denied, project: 'team-b' },
      { ...denied, project: null },
    ]);
  });

  it('stays denied when it cannot be audited, and the log tells', async () => {
    const closed = await createTestDatabase();
    const log = new RecordingLog();
    const unaudited = new Evaluator(roles, createAuditLog(closed.transactions, log));
    await closed.close();
    await expect(unaudited.require(teamA, 'delete', 'applications', web)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(log.lines).toMatchObject([{ level: 'error', fields: { actor: 'token:ci', verb: 'delete' } }]);
  });
});
