import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanView } from '../../src/changes/plan-view.js';
import { applicationSet, deployment, project } from '../support/documents.js';
import { eventually, World } from '../support/world.js';

const FINALIZER = 'resources-finalizer.argocd.argoproj.io';

describe('deleting a set', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(['c1', 'c2']);
    await world.repository.commit({ 'web/deployment.yaml': deployment('web') });
    await world.admin.apply(project('team-a'));
  });
  afterAll(() => world.stop());

  const set = (name: string, { spec = '', finalizer = false } = {}): string =>
    applicationSet({
      name,
      generators: `[{ list: { elements: [{ name: c1, ring: first }, { name: c2, ring: last }] } }]`,
      repoURL: world.repository.url,
      path: 'web',
    })
      .replace(
        `metadata: { name: '${name}-{{name}}' }`,
        `metadata: { name: '${name}-{{name}}', labels: { ring: '{{ring}}' } }`,
      )
      .replace(
        `metadata: { name: ${name} }`,
        `metadata: { name: ${name}${finalizer ? `, finalizers: [${FINALIZER}]` : ''} }`,
      )
      .replace('namespace: web', `namespace: ${name}`) + spec;

  const remove = (name: string, query = '') =>
    world.admin.send({ method: 'DELETE', path: `/api/v1/namespaces/argocd/applicationsets/${name}${query}` });
  const gone = (name: string) =>
    eventually(`the set ${name} to go`, async () => {
      const names = await world.names('applicationsets');
      return [!names.includes(name), names];
    });
  /** Whatever waits for a person is approved while something is waited for. */
  const approveAll = async (): Promise<void> => {
    const { items } = await world.admin.get<{ items: { id: string }[] }>('/api/v1/approvals');
    for (const { id } of items) await world.admin.post(`/api/v1/approvals/${id}/approve`).catch(() => undefined);
  };
  const allGone = () =>
    eventually('its Applications to go', async () => {
      await approveAll();
      const names = await world.names('applications');
      return [names.length === 0, names];
    });
  const ownersOf = async (name: string) =>
    (await world.get('applications', name)).metadata.ownerReferences?.map((owner) => owner.name) ?? [];

  it('takes its Applications along, whatever its policy, where it has no finalizer', async () => {
    await world.admin.apply(set('plain', { spec: '  syncPolicy: { applicationsSync: create-only }\n' }));
    await world.converged('plain-c1', 'plain-c2');
    await remove('plain');
    await allGone();
    expect(world.deployment('c1', 'plain', 'web')).toBeUndefined();
  });

  it.each(['create-only', 'create-update'])('gives its Applications up under %s and the finalizer', async (policy) => {
    const name = `kept-${policy}`;
    await world.admin.apply(set(name, { finalizer: true, spec: `  syncPolicy: { applicationsSync: ${policy} }\n` }));
    await world.converged(`${name}-c1`, `${name}-c2`);
    const preview = (await remove(name, '?dryRun=true')).body as { plan: PlanView };
    expect(preview.plan.lines).toEqual([]);
    expect(preview.plan.kept).toHaveLength(2);
    await remove(name);
    await gone(name);
    await world.converged(`${name}-c1`, `${name}-c2`);
    expect(await ownersOf(`${name}-c1`)).toEqual([]);
    for (const cluster of ['c1', 'c2'])
      await world.admin.send({ method: 'DELETE', path: `/api/v1/namespaces/argocd/applications/${name}-${cluster}` });
    await allGone();
  });

  it('leaves its Applications alone when it is deleted as an orphan-maker', async () => {
    await world.admin.apply(set('orphans'));
    await world.converged('orphans-c1', 'orphans-c2');
    await remove('orphans', '?propagationPolicy=Orphan');
    await gone('orphans');
    expect(await ownersOf('orphans-c2')).toEqual([]);
    await world.converged('orphans-c1', 'orphans-c2');
    for (const cluster of ['c1', 'c2'])
      await world.admin.send({ method: 'DELETE', path: `/api/v1/namespaces/argocd/applications/orphans-${cluster}` });
    await allGone();
  });

  it('leaves objects on clusters under preserveResourcesOnDeletion', async () => {
    await world.admin.apply(set('preserving', { spec: '  syncPolicy: { preserveResourcesOnDeletion: true }\n' }));
    await world.converged('preserving-c1', 'preserving-c2');
    await remove('preserving');
    await allGone();
    expect(world.deployment('c1', 'preserving', 'web')).toBeDefined();
  });

  it('deletes in reverse order, each Application only when the one before is gone', async () => {
    const steps = ['first', 'last'].map(
      (ring) => `{ matchExpressions: [{ key: ring, operator: In, values: [${ring}] }] }`,
    );
    const strategy = `{ type: RollingSync, deletionOrder: reverse, rollingSync: { steps: [${steps.join(', ')}] } }`;
    await world.admin.apply(set('ordered', { spec: `  strategy: ${strategy}\n` }));
    await world.converged('ordered-c1', 'ordered-c2');
    expect((await world.get('applicationsets', 'ordered')).metadata.finalizers).toEqual([FINALIZER]);
    const id = { group: 'apps', kind: 'Deployment', namespace: 'ordered', name: 'web' };
    const hold = (finalizers: string[]) =>
      world.fleet.cluster('c2').edit(id, (draft) => (draft.metadata.finalizers = finalizers));
    hold(['example.com/hold']);
    await remove('ordered');
    await eventually('the Application of the last step to be on its way out', async () => {
      await approveAll();
      const { metadata } = await world.get('applications', 'ordered-c2');
      return [metadata.deletionTimestamp !== undefined, metadata];
    });
    expect((await world.get('applications', 'ordered-c1')).metadata.deletionTimestamp).toBeUndefined();
    expect(await world.names('applicationsets')).toContain('ordered');
    hold([]);
    await allGone();
    await gone('ordered');
  });
});
