import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommitListener } from '../../src/database/commit-listener.js';
import { CommitLoops } from '../../src/database/commit-loop.js';
import { RandomIds } from '../../src/kernel/ids.js';
import { ChangeFeed } from '../../src/reconcile/change-feed.js';
import { ReconcileEngine } from '../../src/reconcile/engine.js';
import { again, done, stop, wait } from '../../src/reconcile/outcome.js';
import { NoReconcileMetrics } from '../../src/reconcile/reconcile-metrics.js';
import { WorkQueue } from '../../src/reconcile/work-queue.js';
import { WorkRunner } from '../../src/reconcile/work-runner.js';
import { listenToCommits } from '../support/commit-listener.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { runAdmin } from '../support/postgres-urls.js';
import { RecordingLog } from '../support/recording-log.js';
import { passTime } from '../support/work-time.js';
import { ScriptedReconciler } from './scripted-reconciler.js';

describe('ReconcileEngine', () => {
  let db: TestDatabase;
  let commits: CommitListener;
  let log: RecordingLog;
  let queue: WorkQueue;
  let reconciler: ScriptedReconciler;
  beforeEach(async () => {
    db = await createTestDatabase();
    commits = await listenToCommits(db.url);
    log = new RecordingLog();
    queue = new WorkQueue(db.transactions, new RandomIds());
    reconciler = new ScriptedReconciler();
  });
  afterEach(async () => {
    await commits.stop();
    await db.close();
  });

  const createEngine = (): ReconcileEngine => {
    const feed = new ChangeFeed(db.transactions, queue, [reconciler]);
    const runner = new WorkRunner(queue, log, new NoReconcileMetrics());
    return new ReconcileEngine([reconciler], queue, feed, runner, new CommitLoops(commits, log));
  };
  const insert = (name: string) =>
    db.transactions.run((tx) =>
      db.store.insert(tx, [
        { object: { apiVersion: 'v1', kind: 'Thing', metadata: { name, namespace: 'argocd' }, spec: {} }, scope: {} },
      ]),
    );

  it('runs the keys of committed changes until nothing is left', async () => {
    const engine = createEngine();
    await insert('a');
    await insert('b');
    await engine.drain();
    expect(reconciler.ran.sort()).toEqual(['a', 'b']);
  });

  it('follows what a reconciler commits itself', async () => {
    reconciler.outcome = async (key) => {
      if (key === 'a') await insert('made-by-a');
      return done();
    };
    await insert('a');
    await createEngine().drain();
    expect(reconciler.ran).toEqual(['a', 'made-by-a']);
  });

  it('runs a key again when it asked for that, and not before', async () => {
    reconciler.outcome = () => again(3_600_000);
    const engine = createEngine();
    await insert('a');
    await engine.drain();
    await passTime(db.transactions, 3_000_000);
    await engine.drain();
    expect(reconciler.ran).toEqual(['a']);
    await passTime(db.transactions, 600_000);
    await engine.drain();
    expect(reconciler.ran).toEqual(['a', 'a']);
  });

  it('retries a failure with growing pauses and says so', async () => {
    reconciler.outcome = () => Promise.reject(new Error('boom'));
    const engine = createEngine();
    await insert('a');
    await engine.drain();
    for (let hour = 0; hour < 3; hour++) {
      await passTime(db.transactions, 300_000);
      await engine.drain();
    }
    const failures = log.lines.filter((line) => line.message === 'reconciling failed');
    expect(failures.map((line) => (line.fields as { attempts: number }).attempts)).toEqual([1, 2, 3, 4]);
    const pauses = failures.map((line) => (line.fields as { retryMs: number }).retryMs);
    expect(pauses[3]).toBeGreaterThan(pauses[0]!);
  });

  it('says once why a key waits, and comes back to it', async () => {
    reconciler.outcome = () => wait('no cluster is connected', 1_000);
    const engine = createEngine();
    await insert('a');
    await engine.drain();
    await passTime(db.transactions, 1_000);
    await engine.drain();
    expect(reconciler.ran).toEqual(['a', 'a']);
    expect(log.messages().filter((message) => message === 'waiting')).toHaveLength(1);
  });

  it('leaves a stopped key alone until an input changes', async () => {
    reconciler.outcome = () => stop('the template names no such field');
    const engine = createEngine();
    await insert('a');
    await engine.drain();
    await passTime(db.transactions, 3_600_000);
    await engine.drain();
    expect(reconciler.ran).toEqual(['a']);
    await queue.enqueue('things', ['a']);
    await engine.drain();
    expect(reconciler.ran).toEqual(['a', 'a']);
  });

  it('runs a key again that changed while it was running', async () => {
    reconciler.outcome = async (key) => {
      if (reconciler.ran.length === 1) await queue.enqueue('things', [key]);
      return done();
    };
    await insert('a');
    await createEngine().drain();
    expect(reconciler.ran).toEqual(['a', 'a']);
  });

  it('shares the work of a hub between two engines, each key once', async () => {
    const engines = [createEngine(), createEngine()];
    for (const engine of engines) engine.start();
    for (let index = 0; index < 30; index++) await insert(`k${index}`);
    await engines[0]!.idle();
    await Promise.all(engines.map((engine) => engine.stop()));
    expect(new Set(reconciler.ran).size).toBe(30);
    expect(reconciler.ran).toHaveLength(30);
  });

  it('goes on after the database dropped every connection, and tells it once', async () => {
    const engine = createEngine();
    engine.start();
    await insert('a');
    await engine.idle();
    await runAdmin(
      db.url,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await insert('b').catch(() => insert('b')); // the pool may hand out a connection it does not know is dead
    await engine.idle().catch(() => engine.idle());
    await engine.stop();
    expect(reconciler.ran).toEqual(['a', 'b']);
    expect(log.messages().filter((message) => message === 'failed; trying again').length).toBeLessThanOrEqual(2);
  });
});
