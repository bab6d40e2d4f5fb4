import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterStatus } from '../../src/clusters/domain/cluster-status.js';
import { applicationSet, configMap, deployment, project } from '../support/documents.js';
import { FaultWorld } from '../support/fault-world.js';
import { OwnPostgres } from '../support/own-postgres.js';
import { runAdmin } from '../support/postgres-urls.js';
import { until } from '../support/until.js';
import { eventually } from '../support/eventually.js';

const BEFORE = ['ConfigMap old', 'ConfigMap old-late', 'Deployment old'];
const AFTER = [...BEFORE, 'ConfigMap new', 'Deployment new'].toSorted();

/** The database is as it was before `new` was made, and before `old` got its second ConfigMap. */
describe('a hub whose database was restored from before', () => {
  let postgres: OwnPostgres;
  let world: FaultWorld;
  beforeAll(async () => {
    postgres = await OwnPostgres.start();
    world = await FaultWorld.start(['c1'], postgres.url);
    await world.repository.commit({ 'old/deployment.yaml': deployment('old'), 'old/config.yaml': configMap('old') });
    await world.admin.apply([project('team-a'), setOf('old')].join('---'));
    await world.label('c1', { tenant: 'yes' });
    await world.converged(['old-c1']);
    await world.hub.stop();
    await postgres.backUp();
    await postgres.restart();
    await world.hub.start();
    await world.repository.commit({
      'old/late.yaml': configMap('old-late'),
      'new/deployment.yaml': deployment('new'),
      'new/config.yaml': configMap('new'),
    });
    await world.admin.apply(setOf('new'));
    await world.refresh();
    await world.converged(['old-c1', 'new-c1']);
    await eventually('all objects', async () => [managed().join() === AFTER.join(), managed()]);
    await world.hub.stop();
    await postgres.restoreBackup();
    await world.hub.start();
  });
  afterAll(async () => {
    await world?.stop();
    await postgres?.remove();
  });

  const setOf = (name: string): string => {
    const generators = `[{ clusters: { selector: { matchLabels: { tenant: 'yes' } } } }]`;
    return applicationSet({ name, generators, repoURL: world.repository.url, path: name });
  };
  const managed = (): string[] => world.objectsAt('c1').filter((object) => !object.includes('kube-root-ca'));
  const logged = (message: string): Promise<string> =>
    until(
      () =>
        world.fleet
          .log('c1')
          .messages()
          .find((line) => line.includes(message)),
      () => `"${message}" in ${JSON.stringify(world.fleet.log('c1').lines.slice(-10))}`,
    );

  const unowned = async (): Promise<number | undefined> =>
    (await world.admin.get<{ status?: ClusterStatus }>('/api/v1/namespaces/argocd/clusters/c1')).status?.unowned?.count;
  const imageIs = (name: string, image: string): Promise<void> =>
    eventually(`${name} to run ${image}`, async () => {
      const id = { group: 'apps', kind: 'Deployment', namespace: 'web', name };
      const spec = JSON.stringify(world.fleet.cluster('c1').get(id)?.['spec']);
      return [spec.includes(`"${image}"`), spec];
    });

  it('removes nothing that it knows nothing of, and is told what that is', async () => {
    await logged('history was rewound: removals are fenced');
    await eventually('the unowned Application to be reported', async () => [(await unowned()) === 1, await unowned()]);
    expect(managed()).toEqual(AFTER);
    expect(world.historyAt('c1').fencePosition).toBeGreaterThan(0);
    expect(world.requests.deletions).toEqual([]);
  });

  it('keeps what it has of an Application that the hub remembers as it was', async () => {
    await world.refresh();
    await logged('older delivery ignored');
    expect(managed()).toEqual(AFTER);
    expect(world.requests.deletions).toEqual([]);
  });

  it('goes on with what the hub wants once an admin has raised the epoch, and prunes only what is decided since', async () => {
    await world.hub.stop();
    await runAdmin(postgres.url, `update hub_state set value = value::int + 1 where key = 'epoch'`);
    await world.hub.start();
    await world.converged(['old-c1']);
    expect(managed()).toEqual(AFTER);
    expect(world.requests.deletions).toEqual([]);
    await world.repository.commit({ 'old/deployment.yaml': deployment('old', 'nginx:2'), 'old/late.yaml': null });
    await world.refresh();
    await imageIs('old', 'nginx:2');
    await world.converged(['old-c1']);
    expect(world.requests.deletions).toEqual(['c1 /api/v1/namespaces/web/configmaps/old-late']);
  });

  it('takes an Application over that is made again under its name', async () => {
    await world.admin.apply(setOf('new'));
    await world.converged(['old-c1', 'new-c1']);
    await world.repository.commit({ 'new/deployment.yaml': deployment('new', 'nginx:2') });
    await world.refresh();
    await imageIs('new', 'nginx:2');
    await world.converged(['old-c1', 'new-c1']);
    expect(await unowned()).toBe(0);
    expect(managed()).toEqual(AFTER.filter((object) => object !== 'ConfigMap old-late'));
    expect(world.requests.deletions).toHaveLength(1);
  });
});
