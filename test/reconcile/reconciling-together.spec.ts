import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RandomIds } from '../../src/kernel/ids.js';
import { again, done, wait, type Outcome } from '../../src/reconcile/outcome.js';
import { NoReconcileMetrics } from '../../src/reconcile/reconcile-metrics.js';
import { WorkQueue, type WorkItem } from '../../src/reconcile/work-queue.js';
import { WorkRunner } from '../../src/reconcile/work-runner.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { RecordingLog } from '../support/recording-log.js';
import { ScriptedReconciler } from './scripted-reconciler.js';

class TogetherReconciler extends ScriptedReconciler {
  readonly ranTogether: string[][] = [];
  together: (keys: readonly string[]) => Promise<Map<string, Outcome>> = async (keys) =>
    new Map(keys.map((key) => [key, done()]));

  override reconcileTogether(keys: readonly string[]): Promise<Map<string, Outcome>> {
    this.ranTogether.push([...keys].sort());
    return this.together(keys);
  }
}

describe('keys that are reconciled together', () => {
  let db: TestDatabase;
  let queue: WorkQueue;
  let runner: WorkRunner;
  let reconciler: TogetherReconciler;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db?.close());
  beforeEach(async () => {
    queue = new WorkQueue(db.transactions, new RandomIds());
    runner = new WorkRunner(queue, new RecordingLog(), new NoReconcileMetrics());
    reconciler = new TogetherReconciler();
    await db.transactions.query('delete from work_items');
    await queue.enqueue('things', ['a', 'b', 'c']);
  });

  const claim = (): Promise<WorkItem[]> => queue.claim(new Map([['things', runner.freeSlots(reconciler)]]));
  const reasons = async (): Promise<Record<string, string | null>> => {
    const rows = await db.transactions.query<{ key: string; last_error: string | null }>(
      'select key, last_error from work_items',
    );
    return Object.fromEntries(rows.map(({ key, last_error }) => [key, last_error]));
  };

  it('leave the queue as if each had been alone', async () => {
    reconciler.together = async () =>
      new Map<string, Outcome>([
        ['a', done()],
        ['b', wait('no cluster is connected', 60_000)],
        ['c', done()],
      ]);
    await runner.run(await claim(), reconciler);
    expect(reconciler.ranTogether).toEqual([['a', 'b', 'c']]);
    expect(reconciler.ran).toEqual([]);
    expect(await reasons()).toEqual({ b: 'no cluster is connected' });
  });

  it('are due again at once, or later, as their outcomes say', async () => {
    reconciler.together = async () =>
      new Map([
        ['a', again(0)],
        ['b', again(3_600_000)],
        ['c', done()],
      ]);
    await runner.run(await claim(), reconciler);
    expect((await claim()).map(({ key }) => key)).toEqual(['a']);
    expect(Object.keys(await reasons()).sort()).toEqual(['a', 'b']);
  });

  it('go alone where they were left out', async () => {
    reconciler.together = async () => new Map([['a', done()]]);
    await runner.run(await claim(), reconciler);
    expect(reconciler.ran.sort()).toEqual(['b', 'c']);
    expect(await reasons()).toEqual({});
  });

  it('all go alone when that failed, and only the one at fault fails', async () => {
    reconciler.together = () => Promise.reject(new Error('b is broken'));
    reconciler.outcome = (key) => (key === 'b' ? Promise.reject(new Error('broken')) : done());
    await runner.run(await claim(), reconciler);
    expect(reconciler.ran.sort()).toEqual(['a', 'b', 'c']);
    expect(await reasons()).toEqual({ b: 'broken' });
  });

  it('go alone after they failed, so that others do not meet the fault again', async () => {
    await db.transactions.query(`update work_items set attempts = 1 where key = 'b'`);
    await runner.run(await claim(), reconciler);
    expect(reconciler.ranTogether).toEqual([['a', 'c']]);
    expect(reconciler.ran).toEqual(['b']);
  });

  it('stay due where they were enqueued again meanwhile', async () => {
    reconciler.together = async (keys) => {
      await queue.enqueue('things', ['b']);
      return new Map(keys.map((key) => [key, done()]));
    };
    await runner.run(await claim(), reconciler);
    expect((await claim()).map(({ key }) => key)).toEqual(['b']);
  });

  it('let nobody in while they run, and again as soon as they are given back', async () => {
    const free: number[] = [];
    reconciler.together = async () => {
      free.push(runner.freeSlots(reconciler));
      return new Map([['a', done()]]);
    };
    reconciler.outcome = () => {
      free.push(runner.freeSlots(reconciler));
      return done();
    };
    await runner.run(await claim(), reconciler);
    expect(free[0]).toBe(0);
    expect(Math.min(...free.slice(1))).toBeGreaterThan(1);
  });
});
