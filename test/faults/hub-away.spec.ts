import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { applicationSet, configMap, deployment, project } from '../support/documents.js';
import { FaultWorld } from '../support/fault-world.js';
import { until } from '../support/until.js';

const CONFIG = { group: '', kind: 'ConfigMap', namespace: 'web', name: 'web' };

describe('an agent whose hub is away', () => {
  let world: FaultWorld;
  beforeAll(async () => {
    world = await FaultWorld.start(['c1']);
    await world.repository.commit({ 'web/deployment.yaml': deployment('web'), 'web/config.yaml': configMap('web') });
    const generators = `[{ clusters: { selector: { matchLabels: { tenant: 'yes' } } } }]`;
    const set = applicationSet({ name: 'web', generators, repoURL: world.repository.url, path: 'web' });
    await world.admin.apply([project('team-a'), set].join('---'));
    await world.label('c1', { tenant: 'yes' });
    await world.converged(['web-c1']);
    await world.hub.stop();
  });
  afterEach(() => expect(world.requests.deletions).toEqual([]));
  afterAll(() => world?.stop());

  const value = (): string | undefined => {
    const found = world.fleet.cluster('c1').get(CONFIG)?.['data'] as { value: string } | undefined;
    return found?.value;
  };
  const editByHand = (): void => {
    world.fleet.cluster('c1').edit(CONFIG, (draft) => (draft['data'] = { value: 'by hand' }));
    expect(value()).toBe('by hand');
  };
  const healed = (): Promise<true> =>
    until(
      () => (value() === '1' ? true : undefined),
      () => `the edit to be healed; log: ${JSON.stringify(world.fleet.log('c1').lines.slice(-8))}`,
    );

  it('heals what is edited by hand', async () => {
    editByHand();
    await healed();
  });

  it('puts back what is deleted by hand', async () => {
    world.fleet.cluster('c1').delete(CONFIG);
    await healed();
  });

  it('heals after a start of its own, from what it remembers', async () => {
    await world.fleet.stopAgent('c1');
    editByHand();
    await world.fleet.startAgent('c1');
    await healed();
  });

  it('leaves everything as it is when its cache is lost too, and goes on when the hub is back', async () => {
    await world.fleet.stopAgent('c1');
    await world.fleet.loseCache('c1');
    editByHand();
    const before = world.objectsAt('c1');
    const passes = world.fleet.log('c1').messages().length;
    await world.fleet.startAgent('c1');
    await until(
      () =>
        world.fleet
          .log('c1')
          .messages()
          .slice(passes)
          .find((message) => message === 'pass failed'),
      () => 'a pass that finds no bundle',
    );
    expect(world.objectsAt('c1')).toEqual(before);
    await world.hub.start();
    await healed();
    await world.converged(['web-c1']);
  });
});
