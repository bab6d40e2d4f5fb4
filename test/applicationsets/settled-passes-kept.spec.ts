import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { SetFleet, type QuietHub } from '../support/set-fleet.js';

let fleet: SetFleet;
let count = 0;

beforeAll(async () => {
  fleet = await SetFleet.open({ 'apps/one/cm.yaml': 'a', 'settings/a.yaml': 'name: a\n' });
});

afterAll(() => fleet.close());

interface Ran {
  uid: string;
  name: string;
  /** Names the Application of `apps/one`. */
  application: string;
}

/** A set of its own that one hub ran until nothing was left to do; that hub has stopped. */
async function settled(generator = fleet.directories(), spec = {}): Promise<Ran> {
  const ran = await inserted(generator, spec);
  const hub = await fleet.start();
  await hub.look(fleet.repository.url);
  await hub.reconcile(ran.uid);
  expect(hub.planned).toBe(1);
  await fleet.stop(hub);
  return ran;
}

async function inserted(generator: object, spec = {}): Promise<Ran> {
  const name = `s${(count += 1)}`;
  return { uid: await fleet.insertSet(name, generator, spec), name, application: `${name}-one` };
}

/** How often the next hub plans the set when it is woken, after a look at Git. */
async function plannedByNext(uid: string, program?: string): Promise<number> {
  const hub = await fleet.start(program);
  await hub.look(fleet.repository.url);
  await hub.reconcile(uid);
  await fleet.stop(hub);
  return hub.planned;
}

/** The row of the set's settled pass: where it lies and who wrote it. */
function keptOf(uid: string): Promise<object[]> {
  return fleet.db.transactions.query(`select ctid, xmin from settled_passes where set_uid = $1`, [uid]);
}

async function errorOccurred(name: string): Promise<string | undefined> {
  const stored = await fleet.db.store.find({ kind: 'ApplicationSet', namespace: 'argocd', name });
  const conditions = stored?.object.status?.['conditions'] as { type: string; status: string }[] | undefined;
  return conditions?.find(({ type }) => type === 'ErrorOccurred')?.status;
}

describe('a hub that starts', () => {
  it.each([
    ['directories', () => fleet.directories()],
    ['files', () => fleet.files()],
    ['clusters', () => ({ clusters: {} })],
  ])('neither plans nor writes what another left settled: %s', async (what, generatorOf) => {
    const { uid } = await settled(generatorOf(), what === 'clusters' ? { label: '{{name}}' } : {});
    const before = [await fleet.written(), await keptOf(uid)];
    expect(await plannedByNext(uid)).toBe(0);
    expect([await fleet.written(), await keptOf(uid)]).toEqual(before);
  });

  it('spares the passes of SecretStoreSets too', async () => {
    const generators = [{ list: { elements: [{ to: 'c1' }] } }];
    const spec = { project: 'default', generators, destination: { name: '{{to}}' }, template: STORE };
    const uid = await fleet.insert('SecretStoreSet', 'stores', spec);
    const planned: number[] = [];
    for (let start = 0; start < 2; start++) {
      const hub = await fleet.start();
      await hub.reconcileStores(uid);
      planned.push(hub.planned);
      await fleet.stop(hub);
    }
    expect(planned).toEqual([1, 0]);
  });

  it('runs a set once more where the one before crashed and kept nothing yet', async () => {
    const { uid } = await inserted(fleet.directories());
    const crashed = await fleet.start();
    await crashed.reconcile(uid);
    crashed.lose(uid);
    expect([await plannedByNext(uid), await plannedByNext(uid)]).toEqual([1, 0]);
  });

  it('runs every set again as another build, and once', async () => {
    const { uid } = await settled();
    const another = 'another build';
    expect([await plannedByNext(uid, another), await plannedByNext(uid, another)]).toEqual([1, 0]);
  });

  it('runs a set where the database came back to another history', async () => {
    const { uid } = await settled();
    const raise = `insert into hub_state (key, value) values ('epoch', '1') on conflict (key) do update set value = '1'`;
    await fleet.db.transactions.query(raise);
    expect([await plannedByNext(uid), await plannedByNext(uid)]).toEqual([1, 0]);
  });

  it.each<[string, (ran: Ran) => [string, string], (object: KubernetesObject) => void]>([
    ['the set', ({ name }) => ['ApplicationSet', name], (set) => (set.metadata.labels = { a: 'b' })],
    [
      'one of its Applications',
      ({ application }) => ['Application', application],
      (application) => (application['spec'] = { project: 'default' }),
    ],
    ['a cluster', () => ['Cluster', 'c1'], (cluster) => (cluster.metadata.labels = { a: 'b' })],
    ['a project', () => ['AppProject', 'default'], (project) => (project.metadata.labels = { a: 'b' })],
  ])('runs a set when %s changed meanwhile', async (_what, nameOf, change) => {
    const ran = await settled();
    await fleet.edit(...nameOf(ran), change);
    expect(await plannedByNext(ran.uid)).toBe(1);
  });

  it('runs a set when one of its Applications is gone, though another set wrote since', async () => {
    const { uid, application } = await settled();
    const [stored] = await fleet.db.store.named('Application', [{ namespace: 'argocd', name: application }]);
    const { object, scope } = stored!;
    const held = { ...object, metadata: { ...object.metadata, finalizers: [] } };
    await fleet.db.transactions.run((tx) => fleet.db.store.update(tx, [{ object: held, scope }]));
    await fleet.db.transactions.run((tx) => fleet.db.store.delete(tx, [object.metadata.uid]));
    await settled();
    expect(await plannedByNext(uid)).toBe(1);
    expect(await fleet.applications()).toContain(application);
  });

  it('looks at Git, and runs a set where a push changed what it reads', async () => {
    const [reads, other] = [await settled(fleet.files()), await settled()];
    await fleet.repository.commit({ 'settings/a.yaml': `name: a\nn: ${count}\n` });
    expect([await plannedByNext(reads.uid), await plannedByNext(other.uid)]).toEqual([1, 0]);
  });
});

describe('a pass is not kept', () => {
  it('while removals wait for an approval, which may come or expire at any time', async () => {
    await fleet.repository.commit({ 'held/a/cm.yaml': 'a', 'held/b/cm.yaml': 'a' });
    const { uid } = await settled(fleet.directories('held/*'));
    await fleet.repository.commit({ 'held/a': null, 'held/b': null });
    expect([await plannedByNext(uid), await plannedByNext(uid)]).toEqual([1, 1]);
    const held = await fleet.db.transactions.query(`select from held_removals where owner_uid = $1`, [uid]);
    expect(held).toHaveLength(2);
    await fleet.db.transactions.query(`update held_removals set approved_at = now(), expires_at = now() + '1 hour'`);
    expect([await plannedByNext(uid), await plannedByNext(uid), await plannedByNext(uid)]).toEqual([1, 1, 0]);
  });

  it('of a set that rolls out step by step', async () => {
    const strategy = { type: 'RollingSync', rollingSync: { steps: [{ matchExpressions: [] }] } };
    const { uid } = await settled(fleet.directories(), { strategy });
    expect([await keptOf(uid), await plannedByNext(uid)]).toEqual([[], 1]);
  });

  it.each([
    ['a plugin', { plugin: { configMapRef: { name: 'none' }, requeueAfterSeconds: 30 } }],
    ['an SCM provider', { scmProvider: { github: { organization: 'acme' } } }],
  ])('of a set that asks %s again and again, though it was not asked this time', async (_what, network) => {
    const nobody = { clusters: { selector: { matchLabels: { never: 'there' } } } };
    const { uid } = await settled({ matrix: { generators: [nobody, network] } });
    const hub = await fleet.start();
    expect(await hub.reconcile(uid)).toMatchObject({ type: 'again' });
    expect([await keptOf(uid), hub.planned]).toEqual([[], 1]);
  });

  it('that failed or refused something', async () => {
    const { uid } = await settled({ list: { elements: [{ name: 'Not A Name' }] } }, { label: '{{name}}' });
    expect([await keptOf(uid), await plannedByNext(uid)]).toEqual([[], 1]);
  });
});

describe('what was settled once', () => {
  it('is not taken for what is, where a pass in between left something else behind', async () => {
    const { uid, name } = await settled(fleet.files());
    await fleet.repository.commit({ 'settings/a.yaml': 'not: [yaml' });
    const crashed = await fleet.start();
    await crashed.look(fleet.repository.url);
    await crashed.reconcile(uid);
    expect(await errorOccurred(name)).toBe('True');
    await fleet.repository.commit({ 'settings/a.yaml': `name: a\nn: ${count}\n` });
    await fleet.repository.git('reset', '--hard', 'HEAD~2');
    await fleet.repository.git('push', '--force', 'origin', 'HEAD:main');
    expect(await plannedByNext(uid)).toBe(1);
    expect(await errorOccurred(name)).toBe('False');
  });

  it('is not taken for what is by a replica that did not see what another wrote', async () => {
    const { uid, name } = await inserted(fleet.files());
    const [one, other] = [await fleet.start(), await fleet.start()];
    const wake = async (hub: QuietHub) => {
      await hub.look(fleet.repository.url);
      await hub.reconcile(uid);
    };
    await wake(one);
    await fleet.repository.commit({ 'settings/a.yaml': 'not: [yaml' });
    await wake(other);
    expect(await errorOccurred(name)).toBe('True');
    await fleet.repository.git('reset', '--hard', 'HEAD~1');
    await fleet.repository.git('push', '--force', 'origin', 'HEAD:main');
    await wake(one);
    expect([one.planned, await errorOccurred(name)]).toEqual([2, 'False']);
  });

  it('goes with its set', async () => {
    const { uid } = await settled();
    expect(await keptOf(uid)).toHaveLength(1);
    await fleet.db.transactions.run((tx) => fleet.db.store.delete(tx, [uid]));
    expect(await keptOf(uid)).toEqual([]);
  });
});

const STORE = {
  apiVersion: 'external-secrets.io/v1',
  kind: 'SecretStore',
  metadata: { name: 'vault', namespace: 'web' },
  spec: { provider: { vault: { server: 'https://vault.example.com', path: 'kv', version: 'v2' } } },
};
