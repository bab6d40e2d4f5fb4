import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationSet, configMap, deployment, project } from '../support/documents.js';
import { FaultWorld } from '../support/fault-world.js';
import { OwnPostgres } from '../support/own-postgres.js';
import { writesWorkload } from '../support/request-log.js';
import { seededRandom } from '../support/seeded-random.js';
import { eventually } from '../support/eventually.js';

const CLUSTERS = ['c1', 'c2', 'c3'];
const SETS = ['one', 'two', 'three'];
const ALL = SETS.flatMap((set) => CLUSTERS.map((cluster) => `${set}-${cluster}`));

describe('a Postgres that is killed with -9', () => {
  let postgres: OwnPostgres;
  let world: FaultWorld;
  beforeAll(async () => {
    postgres = await OwnPostgres.start();
    world = await FaultWorld.start(CLUSTERS, postgres.url);
    const files = SETS.flatMap((name) => [
      [`${name}/deployment.yaml`, deployment(name)],
      [`${name}/config.yaml`, configMap(name)],
    ]);
    await world.repository.commit(Object.fromEntries(files) as Record<string, string>);
    const generators = `[{ clusters: { selector: { matchLabels: { tenant: 'yes' } } } }]`;
    const repoURL = world.repository.url;
    const sets = SETS.map((name) => applicationSet({ name, generators, repoURL, path: name }));
    await world.admin.apply([project('team-a'), ...sets].join('---'));
  });
  afterAll(async () => {
    await world?.stop();
    await postgres?.remove();
  });

  const readiness = async (): Promise<number> => (await fetch(`${world.hub.url}/readyz`)).status;
  const ready = (): Promise<void> =>
    eventually('the hub to be ready', async () => {
      const status = await readiness();
      return [status === 200, status];
    });

  it('loses no label that was acknowledged right before', async () => {
    await Promise.all(CLUSTERS.map((name) => world.label(name, { tenant: 'yes' })));
    postgres.kill();
    await postgres.restart();
    await ready();
    expect(await world.writes.lost()).toEqual([]);
    await world.converged(ALL);
    expect(world.requests.deletions).toEqual([]);
  });

  it('leaves a hub that says so, to orchestrators and to callers, and stays up', async () => {
    postgres.kill();
    await eventually('the hub to notice', async () => {
      const status = await readiness();
      return [status === 503, status];
    });
    expect((await fetch(`${world.hub.url}/healthz`)).status).toBe(200);
    const headers = { authorization: `Bearer ${world.hub.adminToken}` };
    const answer = await fetch(`${world.hub.url}/api/v1/applications`, { headers });
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await answer.json()).toMatchObject({ kind: 'Status', details: { code: 'DATABASE_UNAVAILABLE' } });
    const write = world.label('c1', { lost: 'yes' });
    await expect(write).rejects.toThrow(/503/);
    await postgres.restart();
    await ready();
    await world.label('c1', { after: 'restart' });
    expect(world.hub.isRunning).toBe(true);
    expect(await world.writes.lost()).toEqual([]);
  });

  it.each([1, 2])('delays a rollout that it was killed in, and no more (seed %i)', async (seed) => {
    const image = `nginx:1.${seed}`;
    const moment = world.requests.next(1 + seededRandom(seed).below(ALL.length - 1), writesWorkload);
    const changes = SETS.map((name) => [`${name}/deployment.yaml`, deployment(name, image)] as const);
    await world.repository.commit(Object.fromEntries(changes));
    await world.refresh();
    await moment;
    postgres.kill();
    await postgres.restart();
    await ready();
    await eventually(`${image} everywhere`, async () => {
      const found = CLUSTERS.flatMap((name) => world.fleet.cluster(name).list('apps', 'Deployment', 'web'));
      const others = found.filter(({ spec }) => !JSON.stringify(spec).includes(`"${image}"`));
      return [found.length === ALL.length && others.length === 0, others.map(({ metadata }) => metadata.name)];
    });
    await world.converged(ALL);
    expect(world.hub.isRunning).toBe(true);
    expect(world.requests.deletions).toEqual([]);
  });
});
