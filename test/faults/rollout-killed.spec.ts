import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationSet, deployment, project } from '../support/documents.js';
import { eventually } from '../support/eventually.js';
import { FaultWorld } from '../support/fault-world.js';
import { writesWorkload } from '../support/request-log.js';

const CLUSTERS = ['c1', 'c2', 'c3'];
const NAMES = CLUSTERS.map((cluster) => `web-${cluster}`);
const STEPS = CLUSTERS.map((name) => `{ matchExpressions: [{ key: place, operator: In, values: [${name}] }] }`);

interface Standings {
  items: { application: string; step: string; status: string }[];
}

describe('a hub that is killed with -9 in a rollout of three steps', () => {
  let world: FaultWorld;
  beforeAll(async () => {
    world = await FaultWorld.start(CLUSTERS);
    await world.repository.commit({ 'web/deployment.yaml': deployment('web') });
    const set = applicationSet({
      name: 'web',
      generators: '[{ clusters: { selector: { matchExpressions: [{ key: fleet, operator: Exists }] } } }]',
      repoURL: world.repository.url,
      path: 'web',
    }).replace(
      `metadata: { name: 'web-{{name}}' }`,
      `metadata: { name: 'web-{{name}}', labels: { place: '{{name}}' } }`,
    );
    const strategy = `  strategy: { type: RollingSync, rollingSync: { steps: [${STEPS.join(', ')}] } }\n`;
    await world.admin.apply([project('team-a'), `${set}${strategy}`].join('---'));
    for (const name of CLUSTERS) await world.label(name, { fleet: 'yes' });
    await world.converged(NAMES);
  });
  afterAll(() => world?.stop());

  it.each([1, 2, 3])('goes on from there, killed when cluster %i of 3 is written to', async (count) => {
    const image = `nginx:1.${count}`;
    const moment = world.requests.next(count, writesWorkload);
    await world.repository.commit({ 'web/deployment.yaml': deployment('web', image) });
    await world.refresh();
    await moment;
    await world.restartKilledHub();
    await eventually(`${image} everywhere`, async () => {
      const found = CLUSTERS.flatMap((name) => world.fleet.cluster(name).list('apps', 'Deployment', 'web'));
      const texts = found.map(({ spec }) => JSON.stringify(spec));
      return [texts.length === 3 && texts.every((text) => text.includes(`"${image}"`)), texts];
    });
    await world.converged(NAMES);
    await eventually('every step to be done', async () => {
      const { items } = await world.admin.get<Standings>('/api/v1/applicationsets/web/applicationstatus');
      const lines = items.map(({ application, step, status }) => `${application} ${step} ${status}`);
      return [lines.join() === 'web-c1 1 Healthy,web-c2 2 Healthy,web-c3 3 Healthy', lines];
    });
    expect(world.requests.deletions).toEqual([]);
  });
});
