import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationSet, deployment, project } from '../support/documents.js';
import { eventually, World } from '../support/world.js';

const STEPS = `
  strategy:
    type: RollingSync
    rollingSync:
      steps:
        - matchExpressions: [{ key: ring, operator: In, values: [canary] }]
        - matchExpressions: [{ key: ring, operator: In, values: [wide] }]
`;

describe('a rollout in steps', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(['c1', 'c2', 'c3']);
    await world.repository.commit({ 'web/deployment.yaml': deployment('web') });
    await world.label('c1', { ring: 'canary' });
    await world.label('c2', { ring: 'wide' });
    await world.label('c3', { ring: 'wide' });
  });
  afterAll(() => world.stop());

  const set = (): string =>
    applicationSet({
      name: 'web',
      generators: `[{ clusters: { selector: { matchExpressions: [{ key: ring, operator: Exists }] } } }]`,
      repoURL: world.repository.url,
      path: 'web',
    }).replace(
      "metadata: { name: 'web-{{name}}' }",
      "metadata: { name: 'web-{{name}}', labels: { ring: '{{metadata.labels.ring}}' } }",
    ) + STEPS;

  const imageOn = (cluster: string): string | undefined =>
    /nginx:\d|broken:\d/.exec(JSON.stringify(world.deployment(cluster, 'web', 'web') ?? {}))?.[0];
  const standing = async (): Promise<string[]> =>
    ((await world.get('applicationsets', 'web')).status as { rollout?: unknown } | undefined)?.rollout === undefined
      ? []
      : [JSON.stringify((await world.get('applicationsets', 'web')).status)];

  it('syncs what is automated nowhere else, step by step, to the end', async () => {
    await world.admin.apply([project('team-a'), set()].join('---'));
    await world.converged('web-c1', 'web-c2', 'web-c3');
    const { spec } = (await world.get('applications', 'web-c2')) as unknown as { spec: { syncPolicy: object } };
    expect(spec.syncPolicy).toMatchObject({ automated: { enabled: false, prune: true } });
    await eventually('the rollout to be told complete', async () => {
      const { status } = await world.get('applicationsets', 'web');
      const condition = status?.conditions?.find(({ type }) => type === 'RolloutProgressing');
      return [condition?.status === 'False', await standing()];
    });
  });
  it('x', () => expect(imageOn('c1')).toBe('nginx:1'));
});
