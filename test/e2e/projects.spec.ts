import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HubClient } from '../../src/demo/hub-client.js';
import { applicationSet, configMap, project } from '../support/documents.js';
import { eventually, World, type HubList } from '../support/world.js';

const roles = (name: string): string => `
  roles:
    - name: deployer
      policies:
        - p, proj:${name}:deployer, applications, get, ${name}/*, allow
        - p, proj:${name}:deployer, applications, sync, ${name}/*, allow
`;

describe('projects', () => {
  let world: World;
  let team: HubClient;
  beforeAll(async () => {
    world = await World.start(['c1']);
    await world.repository.commit({ 'web/config.yaml': configMap('web') });
    await world.admin.apply(
      [
        project('team-a', roles('team-a')),
        project('team-b', roles('team-b')),
        set('a', 'team-a'),
        set('b', 'team-b'),
      ].join('---'),
    );
    await world.converged('a-x', 'b-x');
    team = await world.asRole('team-a', 'deployer');
  });
  afterAll(() => world.stop());

  function set(name: string, owner: string): string {
    const generators = `[{ list: { elements: [{ name: x }] } }]`;
    return applicationSet({
      name,
      generators,
      repoURL: world.repository.url,
      path: 'web',
      cluster: 'c1',
      project: owner,
    }).replace('namespace: web', `namespace: ${name}`);
  }
  const deliver = (path: string, client = team) => client.send({ method: 'POST', path });

  it("lets a team's token see and sync what is its own", async () => {
    const { items } = await team.get<HubList>('/api/v1/applications');
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['a-x']);
    expect((await deliver('/api/v1/applications/a-x/sync')).status).toBeLessThan(300);
  });

  it("answers 403 for another team's Application and for one that does not exist, in the same words", async () => {
    const foreign = await deliver('/api/v1/applications/b-x/sync');
    const absent = await deliver('/api/v1/applications/b-y/sync');
    expect([foreign.status, absent.status]).toEqual([403, 403]);
    expect(JSON.stringify(foreign.body).replaceAll('b-x', '')).toBe(JSON.stringify(absent.body).replaceAll('b-y', ''));
  });

  it('leaks no count: lists, remaining items and rollups are of what the token may see', async () => {
    const page = await team.get<{ metadata: { remainingItemCount?: number } }>('/api/v1/applications?limit=1');
    expect(page.metadata.remainingItemCount ?? 0).toBe(0);
    const { rollup } = await team.graphql<{ rollup: unknown }>('{ rollup(by: PROJECT) { group total } }');
    expect(JSON.stringify(rollup)).not.toContain('team-b');
  });

  it('freezes on a lost right: nothing is applied, healed or pruned, and nothing is deleted', async () => {
    await world.admin.apply(project('team-a', roles('team-a')).replace("namespace: '*'", 'namespace: elsewhere'));
    await eventually('the refusal on the Application', async () => {
      const { status } = await world.get('applications', 'a-x');
      return [status?.conditions?.some(({ type }) => type === 'InvalidSpecError') ?? false, status];
    });
    const id = { group: '', kind: 'ConfigMap', namespace: 'a', name: 'web' };
    const [delivery] = await world.database.transactions.query(
      `select intent from deliveries where application = 'a-x'`,
    );
    expect(delivery).toEqual({ intent: 'freeze' });
    expect(world.fleet.cluster('c1').get(id)).toBeDefined();
    await world.admin.apply(project('team-a', roles('team-a')));
    await world.converged('a-x', 'b-x');
  });

  it('refuses at the API what the project does not permit, and an unknown project or cluster', async () => {
    const application = (owner: string, cluster: string) => ({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'new' },
      spec: {
        project: owner,
        source: { repoURL: world.repository.url, path: 'web' },
        destination: { name: cluster, namespace: 'x' },
      },
    });
    const create = (body: object) =>
      world.admin.send({ method: 'POST', path: '/api/v1/apply', type: 'application/json', body: JSON.stringify(body) });
    expect((await create(application('nowhere', 'c1'))).status).toBe(422);
    expect((await create(application('team-a', 'nowhere'))).status).toBe(422);
    await world.admin.apply(project('narrow').replace("sourceRepos: ['*']", 'sourceRepos: []'));
    expect((await create(application('narrow', 'c1'))).status).toBe(403);
  });
});
