import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessObject, Resource } from '../../src/access/access-object.js';
import type { Actor } from '../../src/access/actor.js';
import type { AccessFilter } from '../../src/access/domain/access-filter.js';
import { Evaluator } from '../../src/access/evaluator.js';
import { createAuditLog } from '../support/audit.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { ProjectRoles } from '../support/project-roles.js';
import { seededRandom, type Random } from '../support/seeded-random.js';

const actor: Actor = { type: 'token', id: '1', name: 'ci', admin: false, project: 'team-a', role: 'dev' };
const COLUMNS = { project: 'r.project', name: 'r.name', namespace: 'r.namespace' };

const PROJECTS = ['team-a', 'team-b', 'team', null];
const NAMESPACES = ['argocd', 'apps', 'web', ''];
const NAMES = ['web', 'web-prod', 'api', 'a', 'x.y', 'a+b', '(a|b)', "it's", 'é😀', 'team-a', 'w\nb', '%_', '\\d'];
const PIECES = [
  '*',
  '**',
  '?',
  'web',
  'a',
  '[a-w]',
  '[!w]',
  '{web,api}',
  '{a,{b,web}*}',
  '\\*',
  '.',
  '+',
  '(',
  '|',
  '$',
  "'",
  '/',
  '-prod',
  'é',
  '[',
  '%',
  '_',
];
const HEADS = ['team-a/', 'team-a/', 'team-b/', 'team-*/', '*/', '*', 'team-?/', '', 'team-a', '{team-a,team-b}/'];

const rows = PROJECTS.flatMap((project) =>
  NAMESPACES.flatMap((namespace) => NAMES.map((name) => ({ project, namespace, name }))),
);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

function randomPolicy(random: Random): string {
  const object = random.pick(HEADS) + Array.from({ length: random.below(4) }, () => random.pick(PIECES)).join('');
  const resource = random.pick(['applications', 'projects', 'clusters', 'app*', '*']);
  const quoted = object.includes(',') ? `"${object}"` : object;
  return `${resource}, ${random.pick(['get', '*', 'g?t', 'sync'])}, ${quoted}, ${random.pick(['allow', 'allow', 'deny'])}`;
}

function toObject({ project, namespace, name }: (typeof rows)[number]): AccessObject {
  return { name, namespace, ...(project === null ? {} : { project }) };
}

async function selected(filter: AccessFilter): Promise<string[]> {
  const parameters: unknown[] = [JSON.stringify(rows.map((row, index) => ({ ...row, key: String(index + 1) })))];
  const found = await database.transactions.query<{ key: string }>(
    `select r.key
     from jsonb_to_recordset($1::jsonb) as r(key text, project text, namespace text, name text)
     where ${filter.build(COLUMNS, parameters)}`,
    parameters,
  );
  return found.map(({ key }) => key);
}

describe('row filters', () => {
  it('select in SQL what they match in memory, which is what the evaluator allows one by one', async () => {
    const random = seededRandom(20_261_121);
    let some = 0;
    for (let round = 0; round < 500; round += 1) {
      const roles = new ProjectRoles();
      const policies = Array.from({ length: 1 + random.below(5) }, () => randomPolicy(random));
      roles.set('team-a', { dev: policies });
      const evaluator = new Evaluator(roles, createAuditLog(database.transactions));
      const resource: Resource = random.pick([
        'applications',
        'applications',
        'projects',
        'clusters',
        'secretstoresets',
      ]);
      const filter = await evaluator.filter(actor, 'list', resource);
      const inSql = (await selected(filter)).sort();
      const inMemory = rows.flatMap((row, index) => (filter.matches(toObject(row)) ? [String(index + 1)] : [])).sort();
      const verdicts = await Promise.all(rows.map((row) => evaluator.can(actor, 'get', resource, toObject(row))));
      const oneByOne = verdicts.flatMap(({ allowed }, index) => (allowed ? [String(index + 1)] : [])).sort();
      expect({ policies, resource, rows: inSql }).toEqual({ policies, resource, rows: inMemory });
      expect({ policies, resource, rows: inMemory }).toEqual({ policies, resource, rows: oneByOne });
      if (inSql.length > 0 && inSql.length < rows.length) some += 1;
    }
    expect(some).toBeGreaterThan(100);
  });

  it('bind every value and keep parameters that were there', async () => {
    const roles = new ProjectRoles();
    roles.set('team-a', { dev: ["applications, get, team-a/x' or true --*, allow"] });
    const filter = await new Evaluator(roles, createAuditLog(database.transactions)).filter(
      actor,
      'list',
      'applications',
    );
    const parameters: unknown[] = ['first'];
    const sql = filter.build(COLUMNS, parameters);
    expect(sql).not.toContain("x'");
    expect(parameters[0]).toBe('first');
    expect(sql).toContain('$2');
    expect(sql).not.toContain('$1 ');
  });

  it('find a whole project by equality alone', async () => {
    const roles = new ProjectRoles();
    roles.set('team-a', { dev: ['applications, get, team-a/*, allow'] });
    const filter = await new Evaluator(roles, createAuditLog(database.transactions)).filter(
      actor,
      'list',
      'applications',
    );
    expect(filter.build(COLUMNS, [])).toBe('(r.project = $1 and r.project = $2)');
  });
});
