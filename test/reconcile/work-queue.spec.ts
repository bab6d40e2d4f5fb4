import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RandomIds } from '../../src/kernel/ids.js';
import { endLeases, LEASE_MS, WorkQueue, type WorkItem } from '../../src/reconcile/work-queue.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { passTime } from '../support/work-time.js';

describe('WorkQueue', () => {
  let db: TestDatabase;
  let queue: WorkQueue;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    queue = new WorkQueue(db.transactions, new RandomIds());
    await db.transactions.query('delete from work_items');
  });

  const claim = (slots = 10): Promise<WorkItem[]> => queue.claim(new Map([['sets', slots]]));
  const claimOne = async (): Promise<WorkItem> => (await claim())[0]!;
  const keys = (items: WorkItem[]): string[] => items.map((item) => item.key).sort();
  const postponed = async (key: string, afterMs: number): Promise<void> => {
    await queue.enqueue('sets', [key]);
    await queue.postpone(await claimOne(), { afterMs, attempts: 1, reason: 'boom' });
  };

  it('holds a key once however often it is enqueued', async () => {
    await queue.enqueue('sets', ['a', 'b', 'a']);
    await queue.enqueue('sets', ['a']);
    expect(keys(await claim())).toEqual(['a', 'b']);
  });

  it('holds back what was given back for later, until then', async () => {
    await postponed('a', 3_600_000);
    expect(await claim()).toEqual([]);
    expect(await queue.nextFreeIn(['sets'])).toBeGreaterThan(3_000_000);
    await passTime(db.transactions, 3_000_000);
    expect(await claim()).toEqual([]);
    await passTime(db.transactions, 600_000);
    expect(keys(await claim())).toEqual(['a']);
  });

  it('makes due at once what is enqueued while it waits', async () => {
    await postponed('a', 3_600_000);
    await queue.enqueue('sets', ['a']);
    expect(await queue.nextFreeIn(['sets'])).toBe(0);
    expect(keys(await claim())).toEqual(['a']);
  });

  it('forgets work that was enqueued in a transaction that rolled back', async () => {
    const failing = db.transactions.run(async (tx) => {
      await queue.enqueue('sets', ['a'], { tx });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await claim()).toEqual([]);
  });

  it('gives an item to one worker only, and passes over rows another is claiming', async () => {
    await queue.enqueue(
      'sets',
      Array.from({ length: 50 }, (_unused, index) => `k${index}`),
    );
    const claims = await Promise.all([claim(30), claim(30), claim(30)]);
    expect(new Set(claims.flat().map((item) => item.key)).size).toBe(claims.flat().length);
    expect(claims.flat().length).toBe(50);
  });

  it('claims no more of each queue than it has slots for', async () => {
    await queue.enqueue('sets', ['a', 'b', 'c']);
    await queue.enqueue('apps', ['x', 'y', 'z']);
    const items = await queue.claim(
      new Map([
        ['sets', 1],
        ['apps', 2],
      ]),
    );
    expect(items.map((item) => item.queue).sort()).toEqual(['apps', 'apps', 'sets']);
  });

  it('removes a completed item', async () => {
    await queue.enqueue('sets', ['a']);
    await queue.complete([await claimOne()]);
    expect(await queue.pending(['sets'])).toBe(0);
    expect(await queue.nextFreeIn(['sets'])).toBeUndefined();
  });

  it('keeps an item due that was enqueued while it was worked on, and gives it to no second worker before', async () => {
    await queue.enqueue('sets', ['a']);
    const item = await claimOne();
    await queue.enqueue('sets', ['a']);
    expect(await claim()).toEqual([]);
    await queue.complete([item]);
    expect(keys(await claim())).toEqual(['a']);
  });

  it('runs an item at once that was enqueued while it was worked on, whatever wait its worker asked for', async () => {
    await queue.enqueue('sets', ['a']);
    const item = await claimOne();
    await queue.enqueue('sets', ['a']);
    await queue.postpone(item, { afterMs: 60_000, attempts: 1, reason: 'boom' });
    expect(await claimOne()).toMatchObject({ key: 'a', attempts: 1, lastError: 'boom' });
  });

  it('brings the item of a crashed worker back when its lease has run out, counted as a failure', async () => {
    await queue.enqueue('sets', ['a']);
    const crashed = await claimOne();
    await passTime(db.transactions, LEASE_MS / 3);
    expect(await claim()).toEqual([]);
    await passTime(db.transactions, LEASE_MS);
    const taken = await claimOne();
    expect(taken).toMatchObject({ key: 'a', attempts: 1 });
    await queue.complete([crashed]); // back from the dead: the item is no longer its own
    expect(await queue.pending(['sets'])).toBe(1);
    await queue.complete([taken]);
    expect(await queue.pending(['sets'])).toBe(0);
  });

  it('keeps a lease that is renewed', async () => {
    await queue.enqueue('sets', ['a']);
    const { lease } = await claimOne();
    await passTime(db.transactions, LEASE_MS / 2);
    await queue.renew([lease]);
    await passTime(db.transactions, LEASE_MS / 2);
    expect(await claim()).toEqual([]);
  });

  it('frees at once what was leased, for the next start of a hub that was killed, counted as a failure', async () => {
    await postponed('later', 60_000);
    await queue.enqueue('sets', ['a']);
    await claimOne();
    expect(await claim()).toEqual([]);
    await endLeases(db.transactions);
    expect(await claim()).toMatchObject([{ key: 'a', attempts: 1 }]);
  });

  it('keeps nothing waiting for a time that the clock was set back from', async () => {
    await postponed('later', 60_000);
    await queue.enqueue('sets', ['due']);
    await passTime(db.transactions, -3_600_000);
    expect(await claim()).toEqual([]);
    await queue.takeBackFutureTimes();
    expect(keys(await claim())).toEqual(['due', 'later']);
  });

  it('ends the lease of a dead worker in time although the clock was set back since', async () => {
    await queue.enqueue('sets', ['a']);
    await claimOne();
    await passTime(db.transactions, -3_600_000);
    await queue.takeBackFutureTimes();
    expect(await claim()).toEqual([]);
    await passTime(db.transactions, LEASE_MS);
    expect(await claim()).toMatchObject([{ key: 'a', attempts: 1 }]);
  });

  it('leaves waits and leases alone while the clock goes on', async () => {
    await postponed('later', 60_000);
    await queue.enqueue('sets', ['held']);
    await claimOne();
    await queue.takeBackFutureTimes();
    expect(await claim()).toEqual([]);
    expect(await queue.nextFreeIn(['sets'])).toBeGreaterThan(0);
  });
});
