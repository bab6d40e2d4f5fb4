import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApplicationReconciler } from '../../src/applications/application.reconciler.js';
import { DeliveriesStore } from '../../src/dispatch/gateway/deliveries/deliveries-store.js';
import type { DeliveryWrite, StoredDelivery } from '../../src/dispatch/gateway/deliveries/stored-delivery.js';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { configMap } from '../support/documents.js';
import { SetFleet, type QuietHub } from '../support/set-fleet.js';

const EVERYWHERE = { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }] };

describe('Applications that are delivered together', () => {
  let fleet: SetFleet;
  let hub: QuietHub;
  let reconciler: ApplicationReconciler;
  let deliveries: DeliveriesStore;
  beforeAll(async () => {
    fleet = await SetFleet.open({ 'web/a.yaml': configMap('a'), 'web/b.yaml': configMap('b') });
    hub = await fleet.start();
    reconciler = hub.app.get(ApplicationReconciler, { strict: false });
    deliveries = hub.app.get(DeliveriesStore, { strict: false });
    await fleet.insert('AppProject', 'team', EVERYWHERE);
    await fleet.insert('AppProject', 'other', EVERYWHERE);
  });
  afterAll(() => fleet.close());
  beforeEach(() => vi.restoreAllMocks());

  let made = 0;
  const application = (spec: object = {}): Promise<string> =>
    fleet.insert('Application', `app-${++made}`, {
      project: 'team',
      source: { repoURL: fleet.repository.url, targetRevision: 'main', path: 'web' },
      destination: { name: 'c1', namespace: 'web' },
      syncPolicy: { automated: { prune: true } },
      ...spec,
    });
  const some = (count: number): Promise<string[]> => Promise.all(Array.from({ length: count }, () => application()));
  const rows = (uids: string[]): Promise<StoredDelivery[]> => deliveries.forApplications(uids);
  const statusOf = async (uid: string) => (await fleet.db.store.findByUid(uid))?.object['status'] as KubernetesObject;
  /** Between the plan and its commit. */
  const meanwhile = (change: () => Promise<unknown>): void => {
    const differing = deliveries.differing.bind(deliveries);
    const once = async (writes: readonly DeliveryWrite[]) => {
      await change();
      return differing(writes);
    };
    vi.spyOn(deliveries, 'differing').mockImplementationOnce(once);
  };

  it('have the same rows and status as alone, by one commit', async () => {
    const [alone = '', ...together] = await some(4);
    expect(await reconciler.reconcile(alone)).toEqual({ type: 'done' });
    const outcomes = await reconciler.reconcileTogether(together);
    expect(outcomes).toEqual(new Map(together.map((uid) => [uid, { type: 'done' }])));
    const [first, ...others] = await rows([alone, ...together]);
    expect(others.map(({ objects, bundleDigest, intent }) => ({ objects, bundleDigest, intent }))).toEqual(
      others.map(() => ({ objects: first?.objects, bundleDigest: first?.bundleDigest, intent: 'apply' })),
    );
    expect(new Set((await rows(together)).map(({ position }) => position)).size).toBe(1);
    for (const uid of together) expect(await statusOf(uid)).toEqual(await statusOf(alone));
  });

  it('write nothing when nothing changed', async () => {
    const uids = await some(3);
    await reconciler.reconcileTogether(uids);
    const before = await fleet.written();
    expect((await reconciler.reconcileTogether(uids)).size).toBe(3);
    expect(await fleet.written()).toEqual(before);
  });

  it('leave out one that changed meanwhile, with nothing of it written', async () => {
    const [changed = '', ...others] = await some(3);
    const [name] = (await fleet.db.store.withUids([changed])).map(({ object }) => object.metadata.name);
    meanwhile(() => fleet.edit('Application', name ?? '', ({ metadata }) => (metadata.labels = { edited: 'yes' })));
    expect([...(await reconciler.reconcileTogether([changed, ...others])).keys()].sort()).toEqual(others.sort());
    expect((await rows([changed, ...others])).map(({ applicationUid }) => applicationUid).sort()).toEqual(
      others.sort(),
    );
    expect(await statusOf(changed)).toBeUndefined();
  });

  it('all go alone where a project changed meanwhile, with nothing written', async () => {
    const uids = [...(await some(2)), await application({ project: 'other' })];
    meanwhile(() =>
      fleet.edit('AppProject', 'other', (project) => (project['spec'] = { ...EVERYWHERE, description: 'x' })),
    );
    expect(await reconciler.reconcileTogether(uids)).toEqual(new Map());
    expect(await rows(uids)).toEqual([]);
  });

  it('are each judged alone: a missing project, cluster or path is its own condition', async () => {
    const project = await application({ project: 'missing' });
    const cluster = await application({ destination: { name: 'nowhere', namespace: 'web' } });
    const path = await application({ source: { repoURL: fleet.repository.url, targetRevision: 'main', path: 'gone' } });
    const [good = ''] = await some(1);
    const outcomes = await reconciler.reconcileTogether([project, cluster, path, good]);
    expect([project, cluster, path, good].map((uid) => outcomes.get(uid)?.type)).toEqual([
      'done',
      'done',
      'wait',
      'done',
    ]);
    expect((await rows([project, cluster, path, good])).map(({ applicationUid }) => applicationUid)).toEqual([good]);
    for (const [uid, type] of [
      [project, 'InvalidSpecError'],
      [cluster, 'InvalidSpecError'],
      [path, 'ComparisonError'],
    ] as const)
      expect(await statusOf(uid)).toMatchObject({ conditions: [{ type }] });
  });

  it('leave out whoever has removals for the guard, ends, is unknown or goes to the hub', async () => {
    const [pruning = '', ending = ''] = await some(2);
    await reconciler.reconcileTogether([pruning, ending]);
    const toHub = await application({ destination: { name: 'in-cluster', namespace: 'argocd' } });
    await fleet.db.transactions.query(`update objects set deleted_at = now() where uid = $1`, [ending]);
    await fleet.repository.commit({ 'web/b.yaml': null });
    await hub.look(fleet.repository.url);
    const unknown = '00000000-0000-4000-8000-000000000000';
    const [fresh = ''] = await some(1);
    const outcomes = await reconciler.reconcileTogether([pruning, ending, toHub, unknown, fresh]);
    expect([...outcomes.keys()]).toEqual([fresh]);
    expect((await rows([pruning]))[0]?.objects).toHaveLength(2);
  });
});
