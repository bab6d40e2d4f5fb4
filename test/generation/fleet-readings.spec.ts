import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClusterReader } from '../../src/clusters/cluster-reader.js';
import { HubIdentityStore } from '../../src/database/hub-identity.js';
import { FleetReadings } from '../../src/generation/fleet-readings.js';
import { RandomIds } from '../../src/kernel/ids.js';
import { ProjectReader } from '../../src/projects/project.reader.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

describe('a reading of the fleet', () => {
  let db: TestDatabase;
  let fleet: FleetReadings;
  const uids = new Map<string, string>();
  beforeAll(async () => {
    db = await createTestDatabase();
    const identity = new HubIdentityStore(db.transactions, new RandomIds());
    fleet = new FleetReadings(db.store, identity, new ClusterReader(db.transactions), new ProjectReader(db.store));
    for (const name of ['b', 'c']) await insert(name);
  });
  afterAll(() => db.close());

  async function insert(name: string): Promise<void> {
    const object = { apiVersion: 'v1', kind: 'Cluster', metadata: { name, namespace: 'argocd' }, spec: {} };
    const [uid = ''] = await db.transactions.run((tx) => db.store.insert(tx, [{ object, scope: {} }]));
    uids.set(name, uid);
  }

  async function label(name: string, value: string): Promise<void> {
    const { object, scope } = (await db.store.find({ kind: 'Cluster', namespace: 'argocd', name }))!;
    const next = { ...object, metadata: { ...object.metadata, labels: { at: value } } };
    await db.transactions.run((tx) => db.store.update(tx, [{ object: next, scope }]));
  }

  const remove = (name: string) => db.transactions.run((tx) => db.store.delete(tx, [uids.get(name) ?? '']));
  const seen = async () => (await fleet.now()).clusters.all.map(({ name, labels }) => `${name} ${labels['at'] ?? '-'}`);

  it('is the same one while nothing changed', async () => {
    expect(await seen()).toEqual(['b -', 'c -']);
    expect(await fleet.now()).toBe(await fleet.now());
  });

  it('follows every edit, one or several', async () => {
    await label('c', '1');
    expect(await seen()).toEqual(['b -', 'c 1']);
    await label('b', '2');
    await label('c', '3');
    expect(await seen()).toEqual(['b 2', 'c 3']);
  });

  it('follows what comes and what goes, also both at once', async () => {
    await insert('a');
    expect(await seen()).toEqual(['a -', 'b 2', 'c 3']);
    await remove('b');
    expect(await seen()).toEqual(['a -', 'c 3']);
    await remove('a');
    await insert('d');
    await label('c', '4');
    expect(await seen()).toEqual(['c 4', 'd -']);
  });
});
