import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlanView } from '../../src/changes/plan-view.js';
import { applicationSet, configMap, project } from '../support/documents.js';
import { eventually, World } from '../support/world.js';

const ALL = Array.from({ length: 14 }, (_unused, index) => `n${String(index).padStart(2, '0')}`);

describe('the guard', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(['c1']);
    await world.repository.commit({ 'web/a.yaml': configMap('a'), 'web/b.yaml': configMap('b') });
    await world.admin.apply([project('team-a'), listSet(ALL)].join('---'));
    await eventually('all Applications', async () => {
      const names = await world.names('applications');
      return [names.length === ALL.length, names];
    });
  });
  afterAll(() => world.stop());

  function listSet(names: readonly string[]): string {
    const elements = names.map((name) => `{ name: ${name} }`).join(', ');
    const generators = `[{ list: { elements: [${elements}] } }]`;
    return applicationSet({
      name: 'list',
      generators,
      repoURL: world.repository.url,
      path: 'web',
      cluster: 'c1',
    }).replace('namespace: web', "namespace: '{{name}}'");
  }

  const waiting = async () =>
    (await world.admin.get<{ items: { id: string; target: string }[] }>('/api/v1/approvals')).items;
  const applied = async (path: string, body: string) => {
    const sent = { method: 'POST', path, type: 'application/yaml', body } as const;
    return (await world.admin.send(sent)).body as { results: { plan?: PlanView }[] };
  };

  it('shows on a dry run what would wait, and changes nothing', async () => {
    const documents = async () =>
      (await world.list('applicationsets')).map(({ metadata, spec }) => ({ metadata, spec }));
    const before = await documents();
    const { results } = await applied('/api/v1/apply?dryRun=true', listSet(ALL.slice(0, 2)));
    expect(results[0]?.plan?.held).toHaveLength(12);
    expect(results[0]?.plan?.lines).toEqual([]);
    expect(await documents()).toEqual(before);
    expect(await world.names('applications')).toHaveLength(ALL.length);
  });

  it('commits creates and holds deletes that are over budget', async () => {
    await world.admin.apply(listSet([...ALL.slice(0, 2), 'new']));
    await eventually('the new Application, and twelve that wait', async () => {
      const names = await world.names('applications');
      return [names.includes('list-new') && names.length === 15 && (await waiting()).length === 12, names];
    });
    const { status } = await world.get('applicationsets', 'list');
    expect(status?.conditions?.find(({ type }) => type === 'AwaitingApproval')).toMatchObject({ status: 'True' });
  });

  it('does not hold what is wanted again', async () => {
    await world.admin.apply(listSet([...ALL, 'new']));
    await eventually('nothing to wait', async () => [(await waiting()).length === 0, await waiting()]);
    expect(await world.names('applications')).toHaveLength(15);
  });

  it('lets small removals go at once, and counts them over the hour', async () => {
    await world.admin.apply(listSet([...ALL.slice(1), 'new']));
    await eventually('one Application to go', async () => {
      const names = await world.names('applications');
      return [!names.includes('list-n00') && names.length === 14, names];
    });
    await world.admin.apply(listSet([...ALL.slice(4), 'new']));
    await eventually('three more to wait, for they would be a fifth within the hour', async () => [
      (await waiting()).length === 3,
      await waiting(),
    ]);
  });

  it('meets a push that empties the source with the same guard, object by object', async () => {
    const name = ALL[13] ?? '';
    const cluster = world.fleet.cluster('c1');
    const id = { group: '', kind: 'ConfigMap', namespace: name, name: 'a' };
    await world.converged(...ALL.slice(1).map((each) => `list-${each}`), 'list-new');
    await world.push({ 'web/a.yaml': null, 'web/b.yaml': null, 'web/README.md': 'empty\n' });
    await eventually('the prunes to wait', async () => {
      const application = await world.get('applications', `list-${name}`);
      return [
        application.status?.conditions?.some(({ type }) => type === 'AwaitingApproval') ?? false,
        application.status,
      ];
    });
    expect(cluster.get(id)).toBeDefined();
    const line = (await waiting()).find(({ target }) => target === `objects of Application argocd/list-${name}`);
    await world.admin.post(`/api/v1/approvals/${line?.id}/approve`);
    await eventually('the approved objects to go', async () => [cluster.get(id) === undefined, await waiting()]);
    expect(cluster.get({ ...id, namespace: ALL[12] ?? '' })).toBeDefined();
  });
});
