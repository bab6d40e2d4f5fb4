import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationSet, deployment, project } from '../support/documents.js';
import { eventually } from '../support/eventually.js';
import { FaultWorld } from '../support/fault-world.js';

describe('the Postgres of a hub that is killed with -9', () => {
  let world: FaultWorld;
  beforeAll(async () => {
    world = await FaultWorld.start(['c1']);
    await world.repository.commit({ 'web/deployment.yaml': deployment('web') });
    const generators = `[{ clusters: { selector: { matchLabels: { tenant: 'yes' } } } }]`;
    const set = applicationSet({ name: 'web', generators, repoURL: world.repository.url, path: 'web' });
    await world.admin.apply([project('team-a'), set].join('---'));
  });
  afterAll(() => world?.stop());

  const postmaster = async (): Promise<number> => {
    const file = await readFile(join(world.dataDir, 'pg18', 'postmaster.pid'), 'utf8');
    return Number(file.split('\n')[0]);
  };

  it('is started again by its hub, which loses nothing and goes on', async () => {
    await world.label('c1', { tenant: 'yes' });
    const before = await postmaster();
    process.kill(before, 'SIGKILL');
    await eventually('the hub to be ready with another server', async () => {
      const { status } = await fetch(`${world.hub.url}/readyz`);
      return [status === 200 && (await postmaster()) !== before, status];
    });
    expect(await world.writes.lost()).toEqual([]);
    await world.converged(['web-c1']);
    expect(world.requests.deletions).toEqual([]);
  });

  it('ends with its hub also after that', async () => {
    const server = await postmaster();
    expect(await world.hub.stop()).toBe(0);
    expect(() => process.kill(server, 0)).toThrow('ESRCH');
  });
});
