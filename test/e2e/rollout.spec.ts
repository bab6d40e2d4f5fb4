import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanView } from '../../src/changes/plan-view.js';
import { applicationSet, configMap, deployment, project } from '../support/documents.js';
import { eventually, statusOf, World } from '../support/world.js';

const STEPS = ['canary', 'wide'].map(
  (ring) => `{ matchExpressions: [{ key: ring, operator: In, values: [${ring}] }] }`,
);
const STRATEGY = `  strategy: { type: RollingSync, rollingSync: { steps: [${STEPS.join(', ')}] } }\n`;

interface Page {
  metadata: { total: number; continue?: string };
  items: { application: string; name: string; status: string; step: string; health: { status: string } }[];
}

const rule = (role: string, rights: string): string => `"p, proj:team-a:${role}, ${rights}, team-a/*, allow"`;
const roles = `  roles:
    - { name: reader, policies: [${rule('reader', 'applicationsets, get')}] }
    - { name: stranger, policies: [${rule('stranger', 'applications, get')}] }
`;

describe('a rollout in two steps over three clusters', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(['c1', 'c2', 'c3']);
    await world.repository.commit({ 'web/deployment.yaml': impatient('nginx:1') });
    await world.label('c1', { ring: 'canary' });
    await world.label('c2', { ring: 'wide' });
    await world.label('c3', { ring: 'wide' });
    await world.admin.apply(project('team-a', roles));
  });
  afterAll(() => world.stop());

  const impatient = (image: string): string =>
    deployment('web', image).replace('spec:\n', 'spec:\n  progressDeadlineSeconds: 1\n');

  const set = (): string => {
    const generators = `[{ clusters: { selector: { matchExpressions: [{ key: ring, operator: Exists }] } } }]`;
    return (
      applicationSet({ name: 'web', generators, repoURL: world.repository.url, path: 'web' }).replace(
        `metadata: { name: 'web-{{name}}' }`,
        `metadata: { name: 'web-{{name}}', labels: { ring: '{{metadata.labels.ring}}' } }`,
      ) + STRATEGY
    );
  };

  const imagesOn = (...clusters: string[]): (string | undefined)[] =>
    clusters.map((name) => /"image":"([^"]*)"/.exec(JSON.stringify(world.deployment(name, 'web', 'web') ?? {}))?.[1]);
  const standings = async (): Promise<string[]> => {
    const { items } = await world.admin.get<Page>('/api/v1/applicationsets/web/applicationstatus');
    return items.map(({ application, step, status }) => `${application} ${step} ${status}`);
  };
  const told = async (type: string) => {
    const { status } = await world.get('applicationsets', 'web');
    return status?.conditions?.find((condition) => condition.type === type) as Record<string, string> | undefined;
  };
  const standing = (...wanted: string[]) =>
    eventually(`the Applications to stand at ${wanted.join(', ')}`, async () => {
      const found = await standings();
      return [JSON.stringify(found) === JSON.stringify(wanted), found];
    });

  it('shows in a preview whose turn comes first', async () => {
    const sent = { method: 'POST', path: '/api/v1/apply?dryRun=true', type: 'application/yaml', body: set() } as const;
    const { results } = (await world.admin.send(sent)).body as { results: { plan: PlanView }[] };
    expect(results[0]?.plan.lines.map(({ name, rollout }) => ({ name, ...rollout }))).toEqual([
      { name: 'web-c1', step: 1, first: true },
      { name: 'web-c2', step: 2, first: false },
      { name: 'web-c3', step: 2, first: false },
    ]);
  });

  it('turns automation off and syncs every Application in the end', async () => {
    await world.admin.apply(set());
    await world.converged('web-c1', 'web-c2', 'web-c3');
    await standing('web-c1 1 Healthy', 'web-c2 2 Healthy', 'web-c3 2 Healthy');
    const application = await world.get('applications', 'web-c2');
    expect(application['spec']).toMatchObject({ syncPolicy: { automated: { prune: true, enabled: false } } });
    await eventually('the rollout to be told complete', async () => {
      const condition = await told('RolloutProgressing');
      return [condition?.['reason'] === 'ApplicationSetRolloutComplete', condition];
    });
    expect(await told('InvalidRolloutConfig')).toMatchObject({ status: 'False', reason: 'ValidRolloutConfig' });
  });

  it('stops at an Application that degrades', async () => {
    await world.push({ 'web/deployment.yaml': impatient('registry.invalid/web:1') });
    await eventually('the canary to degrade', async () => {
      const canary = statusOf(await world.get('applications', 'web-c1'));
      return [canary.health?.status === 'Degraded', canary];
    });
    await standing('web-c1 1 Progressing', 'web-c2 2 Waiting', 'web-c3 2 Waiting');
    expect(imagesOn('c1', 'c2', 'c3')).toEqual(['registry.invalid/web:1', 'nginx:1', 'nginx:1']);
    await eventually('the step to be told', async () => {
      const condition = await told('RolloutProgressing');
      return [condition?.['message'] === 'ApplicationSet is performing rollout of step 1', condition];
    });
    expect((await world.get('applicationsets', 'web')).status?.health?.status).toBe('Progressing');
  });

  it('goes on when the canary is mended', async () => {
    await world.push({ 'web/deployment.yaml': impatient('nginx:2') });
    await world.converged('web-c1', 'web-c2', 'web-c3');
    await standing('web-c1 1 Healthy', 'web-c2 2 Healthy', 'web-c3 2 Healthy');
    expect(imagesOn('c1', 'c2', 'c3')).toEqual(['nginx:2', 'nginx:2', 'nginx:2']);
  });

  it('prunes in its turn what left the source', async () => {
    await world.push({ 'web/config.yaml': configMap('web') });
    const id = { group: '', kind: 'ConfigMap', namespace: 'web', name: 'web' };
    const left = () => ['c1', 'c2', 'c3'].filter((cluster) => world.fleet.cluster(cluster).get(id) !== undefined);
    await eventually('the ConfigMap everywhere', async () => [left().length === 3, left()]);
    await standing('web-c1 1 Healthy', 'web-c2 2 Healthy', 'web-c3 2 Healthy');
    await world.push({ 'web/config.yaml': null });
    await eventually('the ConfigMap to go', async () => {
      const { items } = await world.admin.get<{ items: { id: string }[] }>('/api/v1/approvals');
      for (const { id: line } of items)
        await world.admin.post(`/api/v1/approvals/${line}/approve`).catch(() => undefined);
      return [left().length === 0, { left: left(), items, standings: await standings() }];
    });
    await standing('web-c1 1 Healthy', 'web-c2 2 Healthy', 'web-c3 2 Healthy');
  });

  it('pages what the set generated, of it only what the reader may see', async () => {
    const first = await world.admin.get<Page>('/api/v1/applicationsets/web/resources?limit=2');
    expect(first.metadata.total).toBe(3);
    expect(first.items.map(({ name }) => name)).toEqual(['web-c1', 'web-c2']);
    const rest = await world.admin.get<Page>(
      `/api/v1/namespaces/argocd/applicationsets/web/resources?continue=${first.metadata.continue}`,
    );
    expect(rest.items).toMatchObject([{ name: 'web-c3', status: 'Synced', health: { status: 'Healthy' } }]);
    expect(rest.metadata.continue).toBeUndefined();
    const { status } = await world.get('applicationsets', 'web');
    expect(status).toMatchObject({ resources: [...first.items, ...rest.items], resourcesCount: 3 });
    const reader = await world.asRole('team-a', 'reader');
    expect((await reader.get<Page>('/api/v1/applicationsets/web/resources')).metadata.total).toBe(0);
    const stranger = await world.asRole('team-a', 'stranger');
    await expect(stranger.get('/api/v1/applicationsets/web/resources')).rejects.toThrow(/403/);
  });

  it('answers the refresh annotation, and takes it off', async () => {
    const annotation = 'argocd.argoproj.io/application-set-refresh';
    await world.admin.patch('/api/v1/namespaces/argocd/applicationsets/web', {
      metadata: { annotations: { [annotation]: 'true', kept: 'yes' } },
    });
    await eventually('the annotation to go', async () => {
      const { metadata } = await world.get('applicationsets', 'web');
      return [!Object.hasOwn(metadata.annotations ?? {}, annotation), metadata.annotations];
    });
    expect((await world.get('applicationsets', 'web')).metadata.annotations).toMatchObject({ kept: 'yes' });
  });

  it('gives the Applications their automation back when the strategy goes', async () => {
    await world.admin.apply(set().replace(STRATEGY, ''));
    await eventually('automation to be on, and nothing to be told of a rollout', async () => {
      const application = await world.get('applications', 'web-c2');
      const { status } = await world.get('applicationsets', 'web');
      const types = status?.conditions?.map(({ type }) => type) ?? [];
      const { syncPolicy } = application['spec'] as { syncPolicy: { automated: { enabled?: boolean } } };
      return [
        syncPolicy.automated.enabled === undefined && !types.includes('RolloutProgressing'),
        { syncPolicy, types },
      ];
    });
    expect(await standings()).toEqual([]);
  });
});
