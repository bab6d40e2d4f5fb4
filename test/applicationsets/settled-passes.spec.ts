import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { SetFleet, type QuietHub } from '../support/set-fleet.js';

let fleet: SetFleet;
let hub: QuietHub;

beforeAll(async () => {
  fleet = await SetFleet.open({ 'apps/one/cm.yaml': 'a', 'settings/a.yaml': 'name: a\n', 'README.md': '1' });
  hub = await fleet.start();
});

afterAll(() => fleet.close());

beforeEach(() => {
  for (const plans of hub.plans) plans.mockClear();
});

const directories = () => fleet.directories();
const files = () => fleet.files();

async function push(changes: Parameters<SetFleet['repository']['commit']>[0]): Promise<void> {
  await fleet.repository.commit(changes);
  await hub.look(fleet.repository.url);
}

describe('a set that is woken', () => {
  it('by what it wrote itself is neither planned nor written again', async () => {
    const uid = await fleet.insertSet('own', directories());
    await hub.reconcile(uid);
    expect([hub.planned, await fleet.applications()]).toEqual([1, ['own-one']]);
    const before = await fleet.written();
    await hub.reconcile(uid);
    await hub.reconcile(uid);
    expect(hub.planned).toBe(1);
    expect(await fleet.written()).toEqual(before);
  });

  it('writes nothing where it is planned again although nothing differs', async () => {
    const uid = await fleet.insertSet('again', directories());
    await hub.reconcile(uid);
    await fleet.edit('Cluster', 'c1', ({ metadata }) => (metadata.labels = { unread: 'x' }));
    const before = await fleet.written();
    await hub.reconcile(uid);
    expect(hub.planned).toBe(2);
    expect(await fleet.written()).toEqual(before);
  });

  it('runs when the set, one of its Applications, a cluster or a project changed', async () => {
    const uid = await fleet.insertSet('edited', directories());
    await hub.reconcile(uid);
    const changes: [string, string, (object: KubernetesObject) => void][] = [
      ['ApplicationSet', 'edited', (set) => (set.metadata.labels = { a: 'b' })],
      ['Application', 'edited-one', (application) => (application['spec'] = { project: 'default' })],
      ['Cluster', 'c1', (cluster) => (cluster.metadata.labels = { a: 'b' })],
      ['AppProject', 'default', (project) => (project.metadata.labels = { a: 'b' })],
    ];
    for (const [kind, name, change] of changes) {
      const before = hub.planned;
      await fleet.edit(kind, name, change);
      await hub.reconcile(uid);
      expect([kind, hub.planned - before]).toEqual([kind, 1]);
    }
    const [application] = await fleet.db.store.named('Application', [{ namespace: 'argocd', name: 'edited-one' }]);
    expect(application?.object.spec).toMatchObject({ source: { path: 'apps' } });
  });

  it('runs while something it wants is refused', async () => {
    const uid = await fleet.insertSet(
      'refused',
      { list: { elements: [{ name: 'Not A Name' }] } },
      { label: '{{name}}' },
    );
    await hub.reconcile(uid);
    await hub.reconcile(uid);
    expect(hub.planned).toBe(2);
  });
});

describe('a push', () => {
  it.each([
    ['a file that directories do not see', directories, { 'apps/one/cm.yaml': 'b', 'README.md': '2' }],
    ['a directory beside the pattern', directories, { 'other/two/cm.yaml': 'a' }],
    ['a file beside the pattern', files, { 'apps/one/other.yaml': 'c', 'settings/b.txt': 'x' }],
  ])('leaves a set alone: %s', async (what, generatorOf, changes) => {
    const uid = await fleet.insertSet(`quiet-${what.length}`, generatorOf());
    await hub.reconcile(uid);
    const before = await fleet.written();
    await push(changes);
    await hub.reconcile(uid);
    expect(hub.planned).toBe(1);
    expect(await fleet.written()).toEqual(before);
  });

  it.each([
    ['a directory comes', directories, { 'apps/three/cm.yaml': 'a' }],
    ['a directory goes', directories, { 'apps/three': null }],
    ['a file that is read changes', files, { 'settings/a.yaml': 'name: b\n' }],
    ['a file comes', files, { 'settings/c.yaml': 'name: c\n' }],
  ])('runs a set when %s', async (what, generatorOf, changes) => {
    const uid = await fleet.insertSet(`run-${what.length}`, generatorOf());
    await hub.reconcile(uid);
    await push(changes);
    await hub.reconcile(uid);
    expect(hub.planned).toBe(2);
  });

  it('runs a set whose files are links, since what they lead to may have changed', async () => {
    await push({ 'linked/a.yaml': { link: '../settings/a.yaml' } });
    const uid = await fleet.insertSet('linked', fleet.files('linked/*.yaml'));
    await hub.reconcile(uid);
    await push({ 'settings/a.yaml': 'name: z\n' });
    await hub.reconcile(uid);
    expect(hub.planned).toBe(2);
  });
});

describe('sets that read one repository', () => {
  it('share one look at it', async () => {
    const looks = fleet.git.looksAt('fleet');
    for (const name of ['s1', 's2', 's3', 's4']) await hub.reconcile(await fleet.insertSet(name, directories()));
    expect([hub.planned, fleet.git.looksAt('fleet') - looks]).toEqual([4, 0]);
  });
});
