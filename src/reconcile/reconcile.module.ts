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
  /** A provider from `imports` or a global module; without it nothing is counted. */
  metrics?: Type<ReconcileMetrics>;
}

/** The engine with its explicit list of reconcilers; imported only where the hub has the role `controller`. */
@Module({})
export class ReconcileModule {
  static of({ imports, reconcilers, metrics }: ReconcileOptions): DynamicModule {
    const list = {
      provide: RECONCILERS,
      inject: reconcilers,
      useFactory: (...given: Reconciler[]): Reconciler[] => given,
    };
    const figures = {
      provide: ReconcileMetrics,
      ...(metrics ? { useExisting: metrics } : { useClass: NoReconcileMetrics }),
    } as const;
    return {
      module: ReconcileModule,
      imports: [WorkQueueModule, ...imports],
      providers: [list, figures, CommitLoops, ChangeFeed, WorkRunner, ReconcileEngine],
      exports: [ReconcileEngine],
    };
  }
}
