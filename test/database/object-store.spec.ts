import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectWrite } from '../../src/database/objects/hub-object.js';
import { HubIdentityStore } from '../../src/database/hub-identity.js';
import { RandomIds } from '../../src/kernel/ids.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const write = (
  name: string,
  extra: Partial<ObjectWrite['object']['metadata']> = {},
  spec: object = {},
): ObjectWrite => ({
  object: {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd', ...extra },
    spec,
  },
  scope: { project: 'team-a', cluster: 'c1' },
});
const ref = (name: string) => ({ kind: 'Application', namespace: 'argocd', name });

describe('ObjectStore', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.close());

  const insert = (...writes: ObjectWrite[]) => db.transactions.run((tx) => db.store.insert(tx, writes));

  it('gives a new object uid, generation 1 and the position of its commit', async () => {
    const committed = await db.transactions.commit((tx) => db.store.insert(tx, [write('new')]));
    const stored = await db.store.find(ref('new'));
    expect(stored?.object.metadata).toMatchObject({
      uid: committed.value[0],
      generation: 1,
      resourceVersion: String(committed.position),
    });
    expect(stored?.scope).toEqual({ project: 'team-a', cluster: 'c1' });
  });

  it('grows the generation with the body and not with labels', async () => {
    await insert(write('gen'));
    const { object, scope } = (await db.store.find(ref('gen')))!;
    const labelled = { ...object, metadata: { ...object.metadata, labels: { a: 'b' } } };
    await db.transactions.run((tx) => db.store.update(tx, [{ object: labelled, scope }]));
    expect((await db.store.find(ref('gen')))?.object.metadata).toMatchObject({ generation: 1, labels: { a: 'b' } });
    await db.transactions.run((tx) => db.store.update(tx, [{ object: { ...labelled, spec: { x: 1 } }, scope }]));
    expect((await db.store.find(ref('gen')))?.object.metadata.generation).toBe(2);
  });

  it('refuses a second object of the same kind, namespace and name', async () => {
    await insert(write('twice'));
    await expect(insert(write('twice'))).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  });

  it('keeps a deleted object until its last finalizer is released, then leaves a tombstone', async () => {
    const [uid] = await insert(write('held', { finalizers: ['a', 'b'] }));
    await db.transactions.run((tx) => db.store.delete(tx, [uid!]));
    expect((await db.store.find(ref('held')))?.object.metadata.deletionTimestamp).toBeDefined();
    await db.transactions.run((tx) => db.store.releaseFinalizer(tx, [uid!], ['a']));
    expect(await db.store.find(ref('held'))).toBeDefined();
    await db.transactions.run((tx) => db.store.releaseFinalizer(tx, [uid!], ['b']));
    expect(await db.store.find(ref('held'))).toBeUndefined();
    expect(await db.transactions.query(`select name from tombstones where uid = $1`, [uid])).toEqual([
      { name: 'held' },
    ]);
  });

  it('removes an object under deletion once a write leaves it without finalizers', async () => {
    const [uid] = await insert(write('released', { finalizers: ['a'] }));
    await db.transactions.run((tx) => db.store.delete(tx, [uid!]));
    const { object, scope } = (await db.store.find(ref('released')))!;
    const { finalizers: _gone, ...metadata } = object.metadata;
    await db.transactions.run((tx) => db.store.update(tx, [{ object: { ...object, metadata }, scope }]));
    expect(await db.store.find(ref('released'))).toBeUndefined();
  });

  it('orders commits: a later commit never has a smaller position, however transactions overlap', async () => {
    const positions = await Promise.all(
      Array.from(
        { length: 20 },
        async (_unused, index) =>
          (await db.transactions.commit((tx) => db.store.insert(tx, [write(`order-${index}`)]))).position,
      ),
    );
    expect(new Set(positions).size).toBe(20);
  });

  it('refuses a commit whose plan read an object that changed meanwhile', async () => {
    const [uid] = await insert(write('read'));
    const { object, scope } = (await db.store.find(ref('read')))!;
    const stale = () =>
      db.transactions.run(async (tx) => {
        tx.expectUnchanged(new Map([[uid!, object.metadata.resourceVersion]]));
        await db.store.insert(tx, [write('planned')]);
      });
    await stale();
    await db.transactions.run((tx) => db.store.update(tx, [{ object: { ...object, spec: { x: 1 } }, scope }]));
    await db.transactions.run(async (tx) => {
      const planned = await db.store.find(ref('planned'), tx);
      await db.store.delete(tx, [planned!.object.metadata.uid]);
    });
    await expect(stale()).rejects.toMatchObject({ code: 'STALE_PLAN' });
    expect(await db.store.find(ref('planned'))).toBeUndefined();
  });

  it('pages in name order, counts what remains, and shows only what the access filter lets through', async () => {
    await insert(...['p1', 'p2', 'p3'].map((name) => write(name, { labels: { page: 'yes' } })));
    const list = (limit: number, after?: { namespace: string; name: string }, access = () => 'true') =>
      db.queries.list({
        kind: 'Application',
        labels: [{ key: 'page', operator: 'In', values: ['yes'] }],
        access,
        limit,
        ...(after ? { after } : {}),
      });
    const first = await list(2);
    expect(first.items.map((item) => item.object.metadata.name)).toEqual(['p1', 'p2']);
    expect(first.remaining).toBe(1);
    expect((await list(2, first.next)).items.map((item) => item.object.metadata.name)).toEqual(['p3']);
    expect(await list(2, undefined, () => 'false')).toMatchObject({ items: [], remaining: 0 });
  });

  it('writes a status only when it changed', async () => {
    const [uid] = await insert(write('status'));
    const status = { uid: uid!, status: { x: 1 }, sync: 'Synced', health: 'Healthy' };
    expect(await db.statuses.write([status])).toEqual([status.uid]);
    expect(await db.statuses.write([status])).toEqual([]);
    expect((await db.store.find(ref('status')))?.object.status).toEqual({ x: 1 });
  });

  it('keeps one hub id and epoch over restarts', async () => {
    const identity = new HubIdentityStore(db.transactions, new RandomIds());
    expect(await identity.read()).toEqual(await identity.read());
  });
});
