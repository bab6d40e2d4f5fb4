import { Global, Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { expect, it } from 'vitest';
import { DatabaseModule } from '../../src/database/database.module.js';
import { Log } from '../../src/kernel/log.js';
import type { Outcome } from '../../src/reconcile/outcome.js';
import { ReconcileEngine } from '../../src/reconcile/engine.js';
import { ReconcileMetrics } from '../../src/reconcile/reconcile-metrics.js';
import { ReconcileModule } from '../../src/reconcile/reconcile.module.js';
import { listenToCommits } from '../support/commit-listener.js';
import { createTestDatabase } from '../support/postgres.js';
import { RecordingLog } from '../support/recording-log.js';
import { ScriptedReconciler } from './scripted-reconciler.js';

@Injectable()
class Figures extends ReconcileMetrics {
  readonly seen: [string, string][] = [];

  reconciled(queue: string, outcome: Outcome['type'] | 'failed'): void {
    this.seen.push([queue, outcome]);
  }
}

@Module({
  providers: [{ provide: ScriptedReconciler, useFactory: () => new ScriptedReconciler() }, Figures],
  exports: [ScriptedReconciler, Figures],
})
class FeatureModule {}

@Global()
@Module({ providers: [{ provide: Log, useClass: RecordingLog }], exports: [Log] })
class LogModule {}

it('runs the reconcilers of the list from start to shutdown, and counts in the given figures', async () => {
  const db = await createTestDatabase();
  const commits = await listenToCommits(db.url);
  const reconcile = ReconcileModule.of({
    imports: [FeatureModule],
    reconcilers: [ScriptedReconciler],
    metrics: Figures,
  });
  const testing = await Test.createTestingModule({
    imports: [LogModule, DatabaseModule.of({ dataSource: db.dataSource, commits }), reconcile],
  }).compile();
  await testing.init();
  await db.transactions.run((tx) =>
    db.store.insert(tx, [
      {
        object: { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a', namespace: 'argocd' }, spec: {} },
        scope: {},
      },
    ]),
  );
  await testing.get(ReconcileEngine, { strict: false }).idle();
  await testing.close();
  await commits.stop();
  await db.close();
  expect(testing.get(ScriptedReconciler, { strict: false }).ran).toEqual(['a']);
  expect(testing.get(Figures, { strict: false }).seen).toEqual([['things', 'done']]);
});
