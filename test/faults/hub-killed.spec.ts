import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationSet, configMap, deployment, project } from '../support/documents.js';
import { FaultWorld } from '../support/fault-world.js';
import { deletesWorkload, writesWorkload } from '../support/request-log.js';
import { seededRandom } from '../support/seeded-random.js';
import { eventually } from '../support/eventually.js';

const CLUSTERS = ['c1', 'c2', 'c3'];
const SETS = ['one', 'two', 'three', 'four'];
const EVERYWHERE = SETS.flatMap((set) => CLUSTERS.map((cluster) => `${set}-${cluster}`));
/** Its label is on c1 and c2 only, so that taking away what it brought stays below the guard's limits. */
const PAIR = ['pair-c1', 'pair-c2'];
const ALL = [...EVERYWHERE, ...PAIR];

describe('a hub that is killed with -9', () => {
  let world: FaultWorld;
  beforeAll(async () => {
    world = await FaultWorld.start(CLUSTERS);
    const files = [...SETS, 'pair'].flatMap((name) => [
      [`${name}/deployment.yaml`, deployment(name)],
      [`${name}/config.yaml`, configMap(name)],
    ]);
    await world.repository.commit(Object.fromEntries(files) as Record<string, string>);
    const repoURL = world.repository.url;
    const set = (name: string, label: string): string =>
      applicationSet({
        name,
        generators: `[{ clusters: { selector: { matchLabels: { ${label}: 'yes' } } } }]`,
        repoURL,
        path: name,
      });
    const sets = [...SETS.map((name) => set(name, 'tenant')), set('pair', 'pair')];
    await world.admin.apply([project('team-a'), ...sets].join('---'));
  });
  afterAll(() => world?.stop());

  const imagesAre = (image: string): Promise<void> =>
    eventually(`${image} everywhere`, async () => {
      const found = CLUSTERS.flatMap((name) => world.fleet.cluster(name).list('apps', 'Deployment', 'web'));
      const others = found.filter(({ spec }) => !JSON.stringify(spec).includes(`"${image}"`));
      return [found.length === ALL.length && others.length === 0, others.map(({ metadata }) => metadata.name)];
    });

  it('keeps every label that it acknowledged and rolls out what they ask for', async () => {
    const labels = { tenant: 'yes', pair: 'yes' };
    await Promise.all([world.label('c1', labels), world.label('c2', labels), world.label('c3', { tenant: 'yes' })]);
    await world.restartKilledHub();
    expect(await world.writes.lost()).toEqual([]);
    await world.converged(ALL);
    expect(world.requests.deletions).toEqual([]);
  });

  it.each([1, 2])('finishes a rollout that it was killed in (seed %i)', async (seed) => {
    const image = `nginx:1.${seed}`;
    const moment = world.requests.next(1 + seededRandom(seed).below(ALL.length - 1), writesWorkload);
    const changes = [...SETS, 'pair'].map((name) => [`${name}/deployment.yaml`, deployment(name, image)] as const);
    await world.repository.commit(Object.fromEntries(changes));
    await world.refresh();
    await moment;
    await world.restartKilledHub();
    await imagesAre(image);
    await world.converged(ALL);
    expect(await world.writes.lost()).toEqual([]);
    expect(world.requests.deletions).toEqual([]);
  });

  it('prunes what left the source, once, and nothing else, when it was killed in the prune', async () => {
    const moment = world.requests.next(1, deletesWorkload);
    await world.repository.commit({ 'pair/config.yaml': null });
    await world.refresh();
    await moment;
    await world.restartKilledHub();
    await world.converged(ALL);
    await eventually('the ConfigMaps to be gone', async () => {
      const left = ['c1', 'c2'].filter((name) => world.objectsAt(name).includes('ConfigMap pair'));
      return [left.length === 0, left];
    });
    const pruned = ['c1', 'c2'].map((name) => `${name} /api/v1/namespaces/web/configmaps/pair`);
    expect(world.requests.deletions).toEqual(pruned);
  });

  it('removes the Application of a label that was taken away, and no other', async () => {
    const before = world.requests.deletions;
    await world.label('c2', { pair: null });
    await world.restartKilledHub();
    expect(await world.writes.lost()).toEqual([]);
    await world.converged(ALL.filter((name) => name !== 'pair-c2'));
    const removed = world.requests.deletions.filter((line) => !before.includes(line));
    expect(removed).toEqual(['c2 /apis/apps/v1/namespaces/web/deployments/pair']);
  });

  it('is the same hub in the same history to its agents, however often it was killed', async () => {
    for (const name of CLUSTERS) {
      const { lines } = world.fleet.log(name);
      const losses = lines.filter(({ message }) => message.startsWith('hub connection lost'));
      const opened = lines.filter(({ message }) => message === 'session opened');
      expect(losses.length).toBeGreaterThanOrEqual(5);
      expect(new Set(opened.map(({ fields }) => (fields as { epoch: string }).epoch)).size).toBe(1);
      expect(world.historyAt(name).fencePosition).toBeNull();
    }
  });
});
