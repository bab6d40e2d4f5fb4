import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectWrite } from '../../src/database/objects/hub-object.js';
import { RandomIds } from '../../src/kernel/ids.js';
import { ChangeFeed } from '../../src/reconcile/change-feed.js';
import { CHANGE_BATCH } from '../../src/reconcile/feed-batch.js';
import { WorkQueue } from '../../src/reconcile/work-queue.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { ScriptedReconciler } from './scripted-reconciler.js';

const write = (name: string): ObjectWrite => ({
  object: {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, namespace: 'argocd' },
    spec: {},
  },
  scope: { project: 'team-a', cluster: 'c1' },
});

describe('ChangeFeed', () => {
  let db: TestDatabase;
  let queue: WorkQueue;
  let reconciler: ScriptedReconciler;
  let feed: ChangeFeed;
  beforeEach(async () => {
    db = await createTestDatabase();
    queue = new WorkQueue(db.transactions, new RandomIds());
    reconciler = new ScriptedReconciler();
    feed = new ChangeFeed(db.transactions, queue, [reconciler]);
    await feed.open();
  });
  afterEach(() => db.close());

  const insert = (...names: string[]) =>
    db.transactions.commit((tx) =>
      db.store.insert(
        tx,
        names.map((name) => write(name)),
      ),
    );
  const names = () => reconciler.seen.flat().map((change) => change.name);

  it('shows every object of a hub that it has not read before, then only what changes', async () => {
    await insert('a', 'b');
    expect(await feed.advance()).toEqual({ state: 'caught-up', enqueued: 2 });
    expect(await feed.isBehind()).toBe(false);
    const { position, value } = await insert('c');
    expect(await feed.isBehind()).toBe(true);
    await feed.advance();
    expect(reconciler.seen.at(-1)).toEqual([
      {
        kind: 'Application',
        uid: value[0],
        namespace: 'argocd',
        name: 'c',
        project: 'team-a',
        cluster: 'c1',
        deleted: false,
        position,
      },
    ]);
    await feed.advance();
    expect(names().sort()).toEqual(['a', 'b', 'c']);
  });

  it('shows a removed object by its tombstone, with the scope it had', async () => {
    const { value } = await insert('a');
    await feed.advance();
    await db.transactions.run((tx) => db.store.delete(tx, value));
    await feed.advance();
    expect(reconciler.seen.at(-1)).toMatchObject([{ name: 'a', deleted: true, project: 'team-a', cluster: 'c1' }]);
  });

  it('reads a commit larger than a batch in several, each object once', async () => {
    const many = Array.from({ length: CHANGE_BATCH + 10 }, (_unused, index) => `n${index}`);
    await insert('before');
    await insert(...many);
    expect(await feed.advance()).toMatchObject({ state: 'more', enqueued: CHANGE_BATCH });
    expect(await feed.isBehind()).toBe(true);
    expect(await feed.advance()).toMatchObject({ state: 'caught-up', enqueued: 11 });
    expect(new Set(names()).size).toBe(many.length + 1);
    expect(names().length).toBe(many.length + 1);
  });

  it('keeps its place when a reader fails, so nothing is lost', async () => {
    await insert('a');
    const asked = reconciler.interestedIn.bind(reconciler);
    reconciler.interestedIn = () => Promise.reject(new Error('index is not ready'));
    await expect(feed.advance()).rejects.toThrow('index is not ready');
    reconciler.interestedIn = asked;
    expect(await feed.advance()).toMatchObject({ enqueued: 1 });
  });

  it('moves once over two feeds that read at the same time', async () => {
    const other = new ChangeFeed(db.transactions, queue, [reconciler]);
    await other.open();
    for (let round = 0; round < 20; round++) {
      await insert(`r${round}`);
      await Promise.all([feed.advance(), other.advance()]);
    }
    await feed.advance();
    expect(names().length).toBe(20);
    expect(new Set(names()).size).toBe(20);
  });

  it('shows everything again to a set of readers it has not had before', async () => {
    await insert('a');
    await feed.advance();
    const added = new ScriptedReconciler('added');
    const grown = new ChangeFeed(db.transactions, queue, [reconciler, added]);
    await grown.open();
    await grown.advance();
    expect(added.seen.flat().map((change) => change.name)).toEqual(['a']);
  });
});
