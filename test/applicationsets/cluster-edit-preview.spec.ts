import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanView } from '../../src/changes/plan-view.js';
import type { HubClient } from '../../src/demo/hub-client.js';
import { applicationSet, configMap, project } from '../support/documents.js';
import { eventually, World } from '../support/world.js';

const rolesOf = (owner: string): string => {
  const rules = ['applications, get', 'applicationsets, get', 'secretstoresets, get', 'clusters, *'].map(
    (rule) => `"p, proj:${owner}:dev, ${rule}, ${owner}/*, allow"`,
  );
  return `  roles: [{ name: dev, policies: [${rules.join(', ')}] }]\n`;
};

const storeSet = (name: string, owner: string): string => `
apiVersion: fleetwright.io/v1alpha1
kind: SecretStoreSet
metadata: { name: ${name} }
spec:
  project: ${owner}
  generators: [{ clusters: { selector: { matchLabels: { env: prod } } } }]
  template:
    apiVersion: external-secrets.io/v1
    kind: ClusterSecretStore
    metadata: { name: ${name} }
    spec: { provider: { fake: { data: [] } } }
`;

let world: World;
let teamA: HubClient;

beforeAll(async () => {
  world = await World.start([]);
  await world.repository.commit({ 'apps/one/cm.yaml': configMap('one') });
  await world.admin.apply(
    [
      project('team-a', rolesOf('team-a')),
      project('team-b', rolesOf('team-b')),
      cluster('c1', 'env: prod'),
      cluster('c2', 'env: dev'),
      set('a-web', 'team-a'),
      set('b-web', 'team-b'),
      set('other', 'team-a', '[{ clusters: { selector: { matchLabels: { zone: x } } } }]'),
      unreadable(),
      storeSet('a-store', 'team-a'),
      storeSet('b-store', 'team-b'),
    ].join('---'),
  );
  teamA = await world.asRole('team-a', 'dev');
  await world.made(2);
  await eventually('the stores of c1', async () => {
    const lines = told(await labelled(world.admin, 'c1', { env: null }));
    return [lines.length === 4, lines];
  });
});
afterAll(() => world?.stop());

function cluster(name: string, labels: string): string {
  return `
apiVersion: fleetwright.io/v1alpha1
kind: Cluster
metadata: { name: ${name}, labels: { ${labels} } }
spec: { project: team-a }
`;
}

function set(name: string, owner: string, generators = '[{ clusters: { selector: { matchLabels: { env: prod } } } }]') {
  return applicationSet({ name, generators, project: owner, repoURL: world.repository.url, path: 'apps/one' });
}

/** Of team-b, and failing in a way that names its repository. */
function unreadable(): string {
  const git = `git: { repoURL: '${world.git.url}/hidden-of-b', revision: main, directories: [{ path: '*' }] }`;
  const chosen = 'clusters: { selector: { matchLabels: { env: prod } } }';
  return set('b-broken', 'team-b', `[{ matrix: { generators: [{ ${chosen} }, { ${git} }] } }]`);
}

async function labelled(as: HubClient, name: string, labels: Record<string, string | null>): Promise<PlanView> {
  const { status, body } = await as.send({
    method: 'PATCH',
    path: `/api/v1/clusters/${name}?dryRun=true`,
    type: 'application/merge-patch+json',
    body: JSON.stringify({ metadata: { labels } }),
  });
  expect(status).toBe(200);
  return (body as { plan: PlanView }).plan;
}

const told = ({ lines }: PlanView): string[] => lines.map(({ action, kind, name }) => `${action} ${kind} ${name}`);

describe('a label edit that is only tried', () => {
  it('shows what appears on the fleet, Applications and secret stores', async () => {
    expect(told(await labelled(world.admin, 'c2', { env: 'prod' }))).toEqual([
      'create Application a-web-c2',
      'create Application b-web-c2',
      'create DistributedStore c2.clustersecretstore.a-store',
      'create DistributedStore c2.clustersecretstore.b-store',
    ]);
    expect(await world.names('applications')).toEqual(['a-web-c1', 'b-web-c1']);
    expect((await world.get('clusters', 'c2')).metadata.labels).toMatchObject({ env: 'dev' });
  });

  it('shows what vanishes', async () => {
    expect(told(await labelled(world.admin, 'c1', { env: null }))).toEqual([
      'delete Application a-web-c1',
      'delete Application b-web-c1',
      'delete DistributedStore c1.clustersecretstore.a-store',
      'delete DistributedStore c1.clustersecretstore.b-store',
    ]);
  });

  it('plans only the sets that the labels concern', async () => {
    const plan = await labelled(world.admin, 'c2', { colour: 'blue' });
    expect(plan).toMatchObject({ lines: [], errors: [], unchanged: 0 });
    expect(told(await labelled(world.admin, 'c2', { zone: 'x' }))).toEqual(['create Application other-c2']);
  });

  it('reports inputs that cannot be read, by set', async () => {
    const { errors } = await labelled(world.admin, 'c2', { env: 'prod' });
    expect(errors).toMatchObject([{ owner: 'ApplicationSet argocd/b-broken' }]);
  });

  it('shows a team nothing of another: no line, no store, no error, no count', async () => {
    const plan = await labelled(teamA, 'c2', { env: 'prod' });
    expect(told(plan)).toEqual([
      'create Application a-web-c2',
      'create DistributedStore c2.clustersecretstore.a-store',
    ]);
    expect(plan).toMatchObject({ errors: [], problems: [], kept: [], held: [], unchanged: 2 });
    const text = JSON.stringify(plan);
    for (const hidden of ['b-web', 'b-store', 'b-broken', 'hidden-of-b', 'team-b']) expect(text).not.toContain(hidden);
  });

  it('shows the same of a cluster that is yet to come', async () => {
    const sent = { method: 'POST', path: '/api/v1/apply?dryRun=true', type: 'application/yaml' } as const;
    const { body } = await world.admin.send({ ...sent, body: cluster('c9', 'env: prod') });
    const [result] = (body as { results: { plan: PlanView }[] }).results;
    expect(told(result?.plan as PlanView)).toContain('create Application a-web-c9');
  });
});
