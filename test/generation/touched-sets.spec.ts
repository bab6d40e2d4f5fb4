import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClusterHistory } from '../../src/generation/cluster-history.js';
import { TouchedSets } from '../../src/generation/touched-sets.js';
import type { ObjectChange } from '../../src/reconcile/object-change.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const NOWHERE = '00000000-0000-0000-0000-000000000000';

describe('TouchedSets', () => {
  let db: TestDatabase;
  let touched: TouchedSets;
  const uids = new Map<string, string>();
  beforeAll(async () => {
    db = await createTestDatabase();
    touched = new TouchedSets(db.store, new ClusterHistory(db.transactions));
    await set('prod', 'team-a', { matchLabels: { env: 'prod' } });
    await set('dev', 'team-b', { matchLabels: { env: 'dev' } });
    await set('open', 'default', { matchLabels: { env: 'none' } });
    await cluster('c1', { env: 'dev' });
    await dispatched();
  });
  afterAll(() => db.close());

  async function insert(
    kind: string,
    name: string,
    project: string | undefined,
    parts: { labels?: Record<string, string>; spec: object },
  ): Promise<void> {
    const object = {
      apiVersion: 'v1',
      kind,
      metadata: { name, namespace: 'argocd', labels: parts.labels ?? {} },
      spec: parts.spec,
    };
    const [uid] = await db.transactions.run((tx) =>
      db.store.insert(tx, [{ object, scope: project === undefined ? {} : { project } }]),
    );
    uids.set(name, uid ?? '');
  }
  const set = (name: string, project: string, selector: object) =>
    insert('ApplicationSet', name, project, { spec: { generators: [{ clusters: { selector } }], template: {} } });
  const cluster = (name: string, labels: Record<string, string>) =>
    insert('Cluster', name, undefined, { labels, spec: {} });

  async function label(name: string, labels: Record<string, string>, spec: object = {}): Promise<void> {
    const { object, scope } = (await db.store.find({ kind: 'Cluster', namespace: 'argocd', name }))!;
    const next = { ...object, metadata: { ...object.metadata, labels }, spec };
    await db.transactions.run((tx) => db.store.update(tx, [{ object: next, scope }]));
  }

  /** The change feed has handed out everything up to the newest commit but one. */
  async function dispatched(): Promise<void> {
    await db.transactions.run((tx) => tx.commitId());
    await db.transactions.query(`delete from feed_cursors`);
    await db.transactions.query(
      `insert into feed_cursors (name, position, uid) select 'test', max(position), $1::uuid from commits`,
      [NOWHERE],
    );
  }

  async function touchedBy(change: Partial<ObjectChange>): Promise<string[]> {
    const full = {
      uid: uids.get(change.name ?? '') ?? NOWHERE,
      namespace: 'argocd',
      deleted: false,
      position: 0,
      ...change,
    } as ObjectChange;
    const found = await touched.of('ApplicationSet', [full]);
    return [...uids].filter(([, uid]) => found.has(uid)).map(([name]) => name);
  }

  it('runs only the sets whose selector sees the edit', async () => {
    await label('c1', { env: 'prod' });
    expect(await touchedBy({ kind: 'Cluster', name: 'c1' })).toEqual(['prod', 'dev']);
    await dispatched();
    await label('c1', { env: 'prod', other: 'x' });
    expect(await touchedBy({ kind: 'Cluster', name: 'c1' })).toEqual([]);
  });

  it('sees every edit since the last dispatch, also one that was taken back', async () => {
    await dispatched();
    await label('c1', { env: 'dev' });
    await label('c1', { env: 'prod' });
    expect(await touchedBy({ kind: 'Cluster', name: 'c1' })).toEqual(['prod', 'dev']);
  });

  it('answers the same when asked again before the feed has moved', async () => {
    expect(await touchedBy({ kind: 'Cluster', name: 'c1' })).toEqual(['prod', 'dev']);
  });

  it('runs every set when a cluster comes, goes, or changes more than labels', async () => {
    await dispatched();
    await cluster('c2', {});
    expect(await touchedBy({ kind: 'Cluster', name: 'c2' })).toHaveLength(3);
    expect(await touchedBy({ kind: 'Cluster', name: 'c1', deleted: true })).toHaveLength(3);
    await dispatched();
    await label('c1', { env: 'prod' }, { server: 'https://moved' });
    expect(await touchedBy({ kind: 'Cluster', name: 'c1' })).toHaveLength(3);
  });

  it('takes everything for touched when the history does not reach back', async () => {
    await dispatched();
    for (let edit = 0; edit < 25; edit++) await label('c1', { edit: String(edit) }, { server: 'https://moved' });
    expect(await touchedBy({ kind: 'Cluster', name: 'c1' })).toHaveLength(3);
  });

  it('tells clusters that moved from clusters that were labelled', async () => {
    await dispatched();
    const history = new ClusterHistory(db.transactions);
    const changes = ['c1', 'c2'].map((name) => ({ kind: 'Cluster', name, uid: uids.get(name) }) as ObjectChange);
    await label('c1', { env: 'other' }, { server: 'https://moved' });
    expect(await history.moved(changes)).toEqual([]);
    await label('c1', { env: 'other' }, { server: 'https://again' });
    expect(await history.moved(changes)).toEqual(['c1']);
    expect(await history.moved([{ ...changes[1], deleted: true } as ObjectChange])).toEqual(['c2']);
  });

  it("runs a project's own sets, and those that may name any project", async () => {
    expect(await touchedBy({ kind: 'AppProject', name: 'team-a' })).toEqual(['prod', 'open']);
  });
});
