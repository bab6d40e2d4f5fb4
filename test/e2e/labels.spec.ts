import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationSet, configMap, deployment, project } from '../support/documents.js';
import { eventually, World } from '../support/world.js';

describe('labels in, Applications out', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(['c1', 'c2']);
    await world.repository.commit({ 'web/deployment.yaml': deployment('web'), 'web/config.yaml': configMap('web') });
    const generators = `[{ clusters: { selector: { matchLabels: { fleet: tenant } } } }]`;
    await world.admin.apply(
      [project('team-a'), applicationSet({ name: 'web', generators, repoURL: world.repository.url, path: 'web' })].join(
        '---',
      ),
    );
  });
  afterAll(() => world.stop());

  /** Of everything delivered to a cluster; the agent's own notes come a moment after what they are about. */
  const versionsOn = (cluster: string) =>
    [
      ['', 'Namespace'],
      ['', 'ConfigMap'],
      ['apps', 'Deployment'],
    ].flatMap(([group = '', kind = '']) =>
      world.fleet
        .cluster(cluster)
        .list(group, kind)
        .filter(({ metadata }) => [metadata.namespace, metadata.name].includes('web'))
        .map(({ metadata }) => `${kind} ${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`),
    );

  it('brings a labelled cluster its Applications, applied and healthy', async () => {
    await world.label('c1', { fleet: 'tenant' });
    await world.converged('web-c1');
    expect(world.deployment('c1', 'web', 'web')).toBeDefined();
    await world.label('c2', { fleet: 'tenant' });
    await world.converged('web-c1', 'web-c2');
  });

  it('rolls a pushed commit out to every cluster', async () => {
    await world.push({ 'web/deployment.yaml': deployment('web', 'nginx:2') });
    await eventually('nginx:2 everywhere', async () => {
      const images = ['c1', 'c2'].map((cluster) => JSON.stringify(world.deployment(cluster, 'web', 'web')?.['spec']));
      return [images.every((spec) => spec.includes('nginx:2')), images];
    });
  });

  it('heals what is edited by hand', async () => {
    world.fleet.cluster('c1').edit({ group: '', kind: 'ConfigMap', namespace: 'web', name: 'web' }, (draft) => {
      draft['data'] = { value: 'by hand' };
    });
    await eventually('the edit to be healed', async () => {
      const found = world.fleet.cluster('c1').get({ group: '', kind: 'ConfigMap', namespace: 'web', name: 'web' });
      return [(found?.['data'] as { value: string }).value === '1', found];
    });
  });

  it('prunes what left the source', async () => {
    await world.push({ 'web/config.yaml': null });
    await eventually('the ConfigMap to go', async () => {
      const found = world.fleet.cluster('c1').get({ group: '', kind: 'ConfigMap', namespace: 'web', name: 'web' });
      return [found === undefined, found];
    });
  });

  it('removes the Applications of a cluster that loses its label, and touches nothing else', async () => {
    await world.converged('web-c1', 'web-c2');
    const before = versionsOn('c1');
    expect(before).toContainEqual(expect.stringContaining('Deployment web'));
    await world.label('c2', { fleet: null });
    await world.converged('web-c1');
    expect(world.deployment('c2', 'web', 'web')).toBeUndefined();
    expect(world.deployment('c1', 'web', 'web')).toBeDefined();
    expect(versionsOn('c1')).toEqual(before);
  });

  it('refuses to let a cluster go that something is still delivered to', async () => {
    const remove = (name: string) =>
      world.admin.send({ method: 'DELETE', path: `/api/v1/namespaces/argocd/clusters/${name}` });
    expect(await remove('c1')).toMatchObject({ status: 409, body: { details: { code: 'CLUSTER_IN_USE' } } });
    expect((await remove('c2')).status).toBe(200);
    expect(await world.names('clusters')).toEqual(['c1']);
  });
});
