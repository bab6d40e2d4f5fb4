import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ObjectWrite } from '../../src/database/objects/hub-object.js';
import { startApi, type TestApi } from '../support/api.js';

const CLUSTERS = 12;

let api: TestApi;
let teamA: string;

beforeAll(async () => {
  api = await startApi();
  const policies = ['clusters', 'applications', 'applicationsets'].map(
    (resource) => `p, proj:team-a:dev, ${resource}, get, team-a/*, allow`,
  );
  const spec = { sourceRepos: ['*'], destinations: [], roles: [{ name: 'dev', policies }] };
  const project = { apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name: 'team-a' }, spec };
  await api.call('POST', '/api/v1/projects', { body: project });
  await seedFleet();
  teamA = await api.roleToken('team-a', 'dev');
});
afterAll(async () => {
  await api?.close();
});

/** On each cluster an Application of team-a's set and one of team-b's; every third is degraded. */
async function seedFleet(): Promise<void> {
  const { store, statuses, transactions } = api.database;
  const indexes = Array.from({ length: CLUSTERS }, (_unused, index) => index);
  const uids = await transactions.run(async (tx) => {
    const sets = await store.insert(tx, [
      write('ApplicationSet', 'set-a', 'team-a'),
      write('ApplicationSet', 'set-b', 'team-b'),
    ]);
    await store.insert(
      tx,
      indexes.map((index) => write('Cluster', `c-${pad(index)}`, 'team-a', { cluster: `c-${pad(index)}` })),
    );
    const applications = indexes.flatMap((index) => [
      write('Application', `a-${pad(index)}`, 'team-a', { cluster: `c-${pad(index)}`, ownerUid: sets[0] ?? '' }),
      write('Application', `b-${pad(index)}`, 'team-b', { cluster: `c-${pad(index)}`, ownerUid: sets[1] ?? '' }),
    ]);
    return store.insert(tx, applications);
  });
  await statuses.write(
    uids.map((uid, index) => ({ uid, sync: 'Synced', health: index % 6 < 2 ? 'Degraded' : 'Healthy', status: {} })),
  );
}

function write(kind: string, name: string, project: string, scope: Partial<ObjectWrite['scope']> = {}): ObjectWrite {
  const group = kind === 'Cluster' ? 'fleetwright.io' : 'argoproj.io';
  const metadata = { name, namespace: 'argocd', labels: { kind, project } };
  return { object: { apiVersion: `${group}/v1alpha1`, kind, metadata, spec: {} }, scope: { project, ...scope } };
}

const pad = (index: number) => String(index).padStart(2, '0');

const ask = async (query: string, { token, variables }: { token?: string; variables?: object } = {}) =>
  (await api.call('POST', '/graphql', { body: { query, variables }, ...(token ? { token } : {}) })).body;

describe('fleet status over GraphQL', () => {
  it('pages through Applications under a filter', async () => {
    const query = `query($after: String) {
      applications(first: 5, after: $after, filter: { project: "team-a", health: "Healthy" }) {
        totalCount next nodes { name project cluster set sync health labels { key value } }
      } }`;
    const first = (await ask(query)).data.applications;
    expect(first.totalCount).toBe(8);
    expect(first.nodes[0]).toEqual({
      name: 'a-01',
      project: 'team-a',
      cluster: 'c-01',
      set: 'argocd/set-a',
      sync: 'Synced',
      health: 'Healthy',
      labels: [
        { key: 'kind', value: 'Application' },
        { key: 'project', value: 'team-a' },
      ],
    });
    const second = (await ask(query, { variables: { after: first.next } })).data.applications;
    expect([first.nodes.length, second.nodes.length, second.next]).toEqual([5, 3, null]);
  });

  it.each([
    ['CLUSTER', 12, { group: 'c-00', total: 2, health: [{ status: 'Degraded', count: 2 }] }],
    [
      'PROJECT',
      2,
      {
        group: 'team-a',
        total: 12,
        health: [
          { status: 'Degraded', count: 4 },
          { status: 'Healthy', count: 8 },
        ],
      },
    ],
    [
      'SET',
      2,
      {
        group: 'argocd/set-a',
        total: 12,
        health: [
          { status: 'Degraded', count: 4 },
          { status: 'Healthy', count: 8 },
        ],
      },
    ],
  ])('counts Applications by %s', async (by, groups, first) => {
    const { data } = await ask(`{ rollup(by: ${by}) { group total health { status count } } }`);
    expect(data.rollup).toHaveLength(groups);
    expect(data.rollup[0]).toEqual(first);
  });

  it('costs the same number of statements however long the list is', async () => {
    const count = async (first: number) => {
      const spy = vi.spyOn(api.database.dataSource, 'createQueryRunner');
      await ask(`{ clusters(first: ${first}) { nodes { name rollup { total } applications(first: 3) { name } } } }`);
      const statements = spy.mock.calls.length;
      spy.mockRestore();
      return statements;
    };
    expect(await count(CLUSTERS)).toBe(await count(1));
  });

  it('gives each cluster and set its own Applications', async () => {
    const { data } = await ask(
      `{ clusters(first: 2) { nodes { name rollup { total } applications { name } } }
         applicationSets { nodes { name applications(first: 2) { name } } } }`,
    );
    expect(data.clusters.nodes).toEqual([
      { name: 'c-00', rollup: { total: 2 }, applications: [{ name: 'a-00' }, { name: 'b-00' }] },
      { name: 'c-01', rollup: { total: 2 }, applications: [{ name: 'a-01' }, { name: 'b-01' }] },
    ]);
    expect(data.applicationSets.nodes[1]).toEqual({
      name: 'set-b',
      applications: [{ name: 'b-00' }, { name: 'b-01' }],
    });
  });
});

describe('access over GraphQL', () => {
  it('lists, counts and rolls up only what a team may see', async () => {
    const { data } = await ask(
      `{ applications { totalCount } projects { totalCount } applicationSets { nodes { name } }
         rollup(by: CLUSTER) { total } clusters(first: 1) { nodes { rollup { total } applications { name } } } }`,
      { token: teamA },
    );
    expect(data.applications.totalCount).toBe(CLUSTERS);
    expect(data.applicationSets.nodes).toEqual([{ name: 'set-a' }]);
    expect(data.rollup.every(({ total }: { total: number }) => total === 1)).toBe(true);
    expect(data.clusters.nodes).toEqual([{ rollup: { total: 1 }, applications: [{ name: 'a-00' }] }]);
  });

  it('needs a token, also to read the schema', async () => {
    const { status } = await api.call('POST', '/graphql', {
      body: { query: '{ __schema { types { name } } }' },
      token: null,
    });
    expect(status).toBe(401);
  });

  it('shows its schema to whoever may ask', async () => {
    const { data } = await ask(getIntrospectionQuery());
    expect(data.__schema.queryType.name).toBe('Query');
  });
});

describe('a query that asks too much', () => {
  const codesOf = (body: { errors: { extensions: { code: string } }[] }) =>
    body.errors.map(({ extensions }) => extensions.code);

  it.each([
    ['pages of pages', '{ clusters(first: 500) { nodes { applications(first: 500) { name } } } }'],
    [
      'many questions under aliases',
      `{ ${Array.from({ length: 21 }, (_u, i) => `q${i}: projects { totalCount }`).join(' ')} }`,
    ],
    [
      'many counts under aliases',
      `{ ${Array.from({ length: 130 }, (_u, i) => `q${i}: rollup(by: SET) { total }`).join(' ')} }`,
    ],
    [
      'its page size in a variable',
      'query($n: Int = 500) { clusters(first: $n) { nodes { applications(first: $n) { name } } } }',
    ],
    ['its weight in fragments', fragments()],
  ])('is refused before anything is read: %s', async (_what, query) => {
    const spy = vi.spyOn(api.database.dataSource, 'createQueryRunner');
    const { status, body } = await api.call('POST', '/graphql', { body: { query } });
    expect(status).toBe(400);
    expect(codesOf(body)).toContain('QUERY_TOO_COSTLY');
    expect(spy.mock.calls.length).toBeLessThanOrEqual(2); // the token's
    spy.mockRestore();
  });

  it('is refused when it is endless', async () => {
    const query = `{ ${'a '.repeat(10_000)} }`;
    expect((await api.call('POST', '/graphql', { body: { query } })).status).toBe(400);
  });

  it('tells what is wrong with a query that is none', async () => {
    expect(codesOf(await ask('{ nothing }'))).toEqual(['GRAPHQL_INVALID']);
    expect(codesOf(await ask('{ applications(after: "x") { totalCount } }'))).toEqual(['PAGE_TOKEN']);
  });
});

function fragments(): string {
  const levels = Array.from({ length: 20 }, (_unused, level) =>
    level === 0
      ? 'fragment f0 on Application { name uid }'
      : `fragment f${level} on Application { ...f${level - 1} x${level}: name ...g${level} } fragment g${level} on Application { ...f${level - 1} y${level}: name }`,
  );
  return `{ applications(first: 500) { nodes { ...f19 } } } ${levels.join(' ')}`;
}
