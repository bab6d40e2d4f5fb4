import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicationSet, configMap, project } from '../support/documents.js';
import { eventually, World } from '../support/world.js';

const application = (name: string, owner: string, repoURL: string, path: string, cluster: string): string => `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: ${name}, finalizers: [resources-finalizer.argocd.argoproj.io] }
spec:
  project: ${owner}
  source: { repoURL: '${repoURL}', targetRevision: main, path: ${path} }
  destination: { name: ${cluster}, namespace: ${cluster === 'in-cluster' ? 'argocd' : 'web'} }
  syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: [CreateNamespace=true] }
`;

describe('an Application of Applications', () => {
  let world: World;
  const child = (name: string, owner = 'team-a') => application(name, owner, world.repository.url, 'web', 'c1');
  beforeAll(async () => {
    world = await World.start(['c1']);
    await world.repository.commit({
      'web/config.yaml': configMap('web'),
      'apps/one.yaml': child('one'),
      'apps/two.yaml': child('two').replace('namespace: web', 'namespace: two'),
    });
    await world.admin.apply(
      [
        project('team-a'),
        project('team-b'),
        application('root', 'team-a', world.repository.url, 'apps', 'in-cluster'),
      ].join('---'),
    );
  });
  afterAll(() => world.stop());

  const conditionsOf = async (name: string) => (await world.get('applications', name)).status?.conditions ?? [];

  it('brings the documents of its repository into the hub, and they are delivered', async () => {
    await world.converged('root', 'one', 'two');
  });

  it('brings sets too, in its own project only', async () => {
    const generators = `[{ list: { elements: [{ name: x }] } }]`;
    const set = { generators, repoURL: world.repository.url, path: 'web', cluster: 'c1' };
    await world.push({
      'apps/set.yaml': applicationSet({ ...set, name: 'gen' }).replace('namespace: web', 'namespace: gen'),
      'apps/foreign.yaml': child('foreign', 'team-b'),
    });
    await eventually('a condition that names the foreign document', async () => {
      const conditions = await conditionsOf('root');
      return [conditions.some(({ type, message }) => type === 'SyncError' && message.includes('foreign')), conditions];
    });
    await eventually('the set to have generated', async () => [
      (await world.names('applications')).includes('gen-x'),
      await world.names('applications'),
    ]);
    expect(await world.names('applications')).not.toContain('foreign');
  });

  it('never lets a repository write projects or clusters', async () => {
    await world.push({ 'apps/foreign.yaml': project('sneaked') });
    await eventually('a condition that names the project', async () => {
      const conditions = await conditionsOf('root');
      return [conditions.some(({ message }) => message.includes('sneaked')), conditions];
    });
    expect(await world.names('projects')).not.toContain('sneaked');
  });

  it('prunes no document while another one could not be read', async () => {
    await world.push({ 'apps/two.yaml': null });
    await eventually('the pass over the push', async () => {
      const root = await world.get('applications', 'root');
      return [JSON.stringify(root.status).includes(await world.repository.git('rev-parse', 'HEAD')), root.status];
    });
    expect(await world.names('applications')).toContain('two');
  });

  it('prunes a document that left, with its objects', async () => {
    await world.push({ 'apps/foreign.yaml': null });
    await world.converged('root', 'one', 'gen-x');
    expect(
      world.fleet.cluster('c1').get({ group: '', kind: 'ConfigMap', namespace: 'two', name: 'web' }),
    ).toBeUndefined();
  });

  it('waits to be synced where sync is not automated', async () => {
    await world.push({
      'manual/three.yaml': child('three').replace('namespace: web', 'namespace: three'),
    });
    const manual = application('manual', 'team-a', world.repository.url, 'manual', 'in-cluster');
    await world.admin.apply(manual.replace(/ {2}syncPolicy:.*/, ''));
    await eventually('manual to be OutOfSync', async () => {
      const { status } = await world.get('applications', 'manual');
      return [status?.sync?.status === 'OutOfSync', status];
    });
    expect(await world.names('applications')).not.toContain('three');
    await world.admin.post('/api/v1/applications/manual/sync');
    await world.converged('root', 'one', 'gen-x', 'manual', 'three');
    for (const name of ['manual', 'three']) {
      await world.admin.send({ method: 'DELETE', path: `/api/v1/namespaces/argocd/applications/${name}` });
    }
    await world.converged('root', 'one', 'gen-x');
  });

  it('takes its documents along when it is deleted, once the guard lets them go', async () => {
    await world.admin.send({ method: 'DELETE', path: '/api/v1/namespaces/argocd/applications/root' });
    const waiting = async () => (await world.admin.get<{ items: { id: string }[] }>('/api/v1/approvals')).items;
    await eventually('the rest to wait: it is more than a fifth', async () => [
      (await waiting()).length === 2,
      await waiting(),
    ]);
    expect(await world.names('applications')).toEqual(['gen-x', 'one', 'root']);
    for (const { id } of await waiting()) await world.admin.post(`/api/v1/approvals/${id}/approve`);
    await eventually('everything to be gone', async () => {
      const names = await world.names('applications');
      return [names.length === 0, names];
    });
    const left = { group: '', kind: 'ConfigMap', namespace: 'web', name: 'web' };
    expect(world.fleet.cluster('c1').get(left)).toBeUndefined();
  });
});
