import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeliveriesStore } from '../../../src/dispatch/gateway/deliveries/deliveries-store.js';
import { DigestDocuments } from '../../../src/dispatch/gateway/deliveries/digest-documents.js';
import type { DeliveryWrite } from '../../../src/dispatch/gateway/deliveries/stored-delivery.js';
import type { Operation } from '../../../src/dispatch/protocol/delivery.js';
import { digestBytes, digestJson } from '../../../src/kernel/digest.js';
import { RandomIds } from '../../../src/kernel/ids.js';
import { delivery } from '../../support/gateway.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';

describe('DeliveriesStore', () => {
  const ids = new RandomIds();
  let db: TestDatabase;
  let store: DeliveriesStore;
  beforeAll(async () => {
    db = await createTestDatabase();
    store = new DeliveriesStore(db.transactions);
  });
  afterAll(() => db.close());

  const put = (...writes: DeliveryWrite[]) => db.transactions.commit((tx) => store.put(tx, writes));
  const rowOf = async (uid: string) => (await store.forApplications([uid]))[0];
  const operation = (id: string): Operation => ({
    id,
    bundleDigest: 'sha256:b',
    prune: false,
    notAfter: '2026-01-01T00:00:00Z',
    initiatedBy: 'admin',
  });

  it('stores rows at the position of their commit', async () => {
    const write = delivery(ids.uuid(), { heldPrunes: ['b', 'a'], objects: ['y', 'x'], operation: operation('1') });
    const { value, position } = await put(write);
    expect(value).toEqual([write]);
    expect(await rowOf(write.applicationUid)).toMatchObject({
      ...write,
      heldPrunes: ['a', 'b'],
      objects: ['x', 'y'],
      position,
    });
  });

  it('writes nothing and takes no position when nothing differs', async () => {
    const write = delivery(ids.uuid(), { objects: ['y', 'x'], heldPrunes: ['h'] });
    const first = await put(write);
    const again = await put({ ...write, objects: ['x', 'y'], operation: null });
    expect(again).toEqual({ value: [], position: undefined });
    expect((await rowOf(write.applicationUid))?.position).toBe(first.position);
  });

  it('writes only the rows that differ', async () => {
    const cluster = ids.uuid();
    const writes = [delivery(cluster), delivery(cluster), delivery(cluster)];
    await put(...writes);
    const changed = writes.map((write, index) => (index === 1 ? { ...write, bundleDigest: 'sha256:new' } : write));
    const { value, position } = await put(...changed);
    expect(value).toEqual([changed[1]]);
    const past = await store.forCluster(cluster, (position ?? 0) - 1);
    expect(past.deliveries.map((row) => row.applicationUid)).toEqual([writes[1]?.applicationUid]);
  });

  it('keeps an open operation that a planner does not mention, and drops it when told', async () => {
    const write = delivery(ids.uuid(), { operation: operation('1') });
    await put(write);
    const { operation: _operation, ...planned } = { ...write, bundleDigest: 'sha256:c' };
    await put(planned);
    expect((await rowOf(write.applicationUid))?.operation?.id).toBe('1');
    await put({ ...planned, operation: null });
    expect((await rowOf(write.applicationUid))?.operation).toBeNull();
  });

  it('names the clusters with rows past a position in one answer', async () => {
    const [a, b, c] = [ids.uuid(), ids.uuid(), ids.uuid()];
    const { position = 0 } = await put(delivery(a));
    await put(delivery(b), delivery(c));
    expect(await store.changedSince(position, [a, b])).toEqual({ position: position + 1, clusterUids: [b] });
    expect(await store.changedSince(position + 1, [a, b])).toEqual({ position: position + 1, clusterUids: [] });
  });

  it('retires a removal only by its own position, and nothing else ever', async () => {
    const cluster = ids.uuid();
    const removal = delivery(cluster, { intent: 'prune' });
    const kept = delivery(cluster, { intent: 'apply' });
    const { position = 0 } = await put(removal, kept);
    const retire = (at: number) =>
      db.transactions.run((tx) =>
        store.retire(tx, cluster, [
          { applicationUid: removal.applicationUid, position: at },
          { applicationUid: kept.applicationUid, position: at },
        ]),
      );
    expect(await retire(position - 1)).toEqual([]);
    expect(await retire(position)).toEqual([removal.applicationUid]);
    expect((await store.forCluster(cluster)).deliveries.map((row) => row.applicationUid)).toEqual([
      kept.applicationUid,
    ]);
  });

  it('keeps a removal that was written again after the agent acknowledged it', async () => {
    const removal = delivery(ids.uuid(), { intent: 'prune' });
    const first = await put(removal);
    await put({ ...removal, heldPrunes: ['/ConfigMap/default/kept'] });
    const acknowledged = [{ applicationUid: removal.applicationUid, position: first.position ?? 0 }];
    expect(await db.transactions.run((tx) => store.retire(tx, removal.clusterUid, acknowledged))).toEqual([]);
  });

  it('takes a finished operation off its own row without moving it', async () => {
    const write = delivery(ids.uuid(), { operation: operation('1') });
    const { position } = await put(write);
    const retire = (clusterUid: string, operationId: string) =>
      db.transactions.run((tx) =>
        store.retireOperations(tx, clusterUid, [{ applicationUid: write.applicationUid, operationId }]),
      );
    await retire(write.clusterUid, 'another');
    await retire(ids.uuid(), '1');
    expect((await rowOf(write.applicationUid))?.operation?.id).toBe('1');
    await retire(write.clusterUid, '1');
    expect(await rowOf(write.applicationUid)).toMatchObject({ operation: null, position });
  });

  it('counts rows by cluster and intent', async () => {
    const cluster = ids.uuid();
    await put(delivery(cluster), delivery(cluster), delivery(cluster, { intent: 'prune' }));
    const counts = await store.countsByCluster();
    expect(counts.find((count) => count.clusterUid === cluster)).toEqual({
      clusterUid: cluster,
      total: 3,
      byIntent: { apply: 2, prune: 1 },
    });
  });

  it('stores a document once, under the digest of its canonical text', async () => {
    const documents = new DigestDocuments(db.transactions);
    const save = (...values: unknown[]) => db.transactions.run((tx) => documents.save(tx, values));
    const [first, second] = await save({ b: 1, a: 2 }, { a: 2, b: 1 });
    expect(first).toBe(second);
    expect(first).toBe(digestJson({ a: 2, b: 1 }));
    expect(await save({ a: 2, b: 1 })).toEqual([first]);
    expect(digestBytes((await documents.read(first!))!)).toBe(first);
    expect(await documents.read('sha256:none')).toBeUndefined();
  });
});
