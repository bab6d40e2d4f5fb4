import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RandomIds } from '../../src/kernel/ids.js';
import { NoReconcileMetrics } from '../../src/reconcile/reconcile-metrics.js';
import { WorkQueue, type WorkItem } from '../../src/reconcile/work-queue.js';
import { WorkRunner } from '../../src/reconcile/work-runner.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { RecordingLog } from '../support/recording-log.js';
import { until } from '../support/until.js';
import { ScriptedReconciler } from './scripted-reconciler.js';

/** The database is away for the first few times that work is given back. */
class InterruptedQueue extends WorkQueue {
  failures = 0;

  override async complete(items: readonly WorkItem[]): Promise<void> {
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('Connection terminated');
    }
    await super.complete(items);
  }
}

describe('WorkRunner', () => {
  let db: TestDatabase;
  let queue: InterruptedQueue;
  let runner: WorkRunner;
  let log: RecordingLog;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db?.close());
  beforeEach(async () => {
    log = new RecordingLog();
    queue = new InterruptedQueue(db.transactions, new RandomIds());
    runner = new WorkRunner(queue, log, new NoReconcileMetrics());
    await db.transactions.query('delete from work_items');
    await queue.enqueue('things', ['a']);
  });

  const claimed = async (): Promise<WorkItem> => (await queue.claim(new Map([['things', 1]])))[0]!;

  it('gives work back as soon as the database is there again, and tells the outage once', async () => {
    queue.failures = 2;
    await runner.run([await claimed()], new ScriptedReconciler());
    expect(await queue.nextFreeIn(['things'])).toBeUndefined();
    expect(log.messages()).toEqual(['failed; trying again', 'works again']);
  });

  it('leaves to its lease what it cannot give back when it stops', async () => {
    queue.failures = Infinity;
    const run = runner.run([await claimed()], new ScriptedReconciler());
    await until(
      () => log.messages()[0],
      () => 'the outage to be told',
    );
    await runner.settle();
    await run;
    expect(await queue.nextFreeIn(['things'])).toBeGreaterThan(0);
  });
});
