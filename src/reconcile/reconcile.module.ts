import { Module, type DynamicModule, type ModuleMetadata, type Type } from '@nestjs/common';
import { CommitLoops } from '../database/commit-loop.js';
import { ChangeFeed } from './change-feed.js';
import { ReconcileEngine } from './engine.js';
import { NoReconcileMetrics, ReconcileMetrics } from './reconcile-metrics.js';
import { RECONCILERS, type Reconciler } from './reconciler.js';
import { WorkQueueModule } from './work-queue.module.js';
import { WorkRunner } from './work-runner.js';

export interface ReconcileOptions {
  /** The modules that export the reconcilers. */
  imports: NonNullable<ModuleMetadata['imports']>;
  reconcilers: Type<Reconciler>[];
  metrics?: Type<ReconcileMetrics>;
}

/** The engine with its explicit list of reconcilers; imported only where the hub has the role `controller`. */
@Module({})
export class ReconcileModule {
  static of({ imports, reconcilers, metrics = NoReconcileMetrics }: ReconcileOptions): DynamicModule {
    const list = {
      provide: RECONCILERS,
      inject: reconcilers,
      useFactory: (...given: Reconciler[]): Reconciler[] => given,
    };
    return {
      module: ReconcileModule,
      imports: [WorkQueueModule, ...imports],
      providers: [
        list,
        { provide: ReconcileMetrics, useClass: metrics },
        CommitLoops,
        ChangeFeed,
        WorkRunner,
        ReconcileEngine,
      ],
      exports: [ReconcileEngine],
    };
  }
}
