import { Global, Module, type DynamicModule } from '@nestjs/common';
import { ClustersModule } from '../clusters/clusters.module.js';
import { WorkQueueModule } from '../reconcile/work-queue.module.js';
import { ClusterHistory } from './cluster-history.js';
import { FleetReadings } from './fleet-readings.js';
import { GeneratedPlanner } from './generated-plan.js';
import { GeneratorRuns } from './generator-runs.js';
import { GitInputs } from './git-inputs.js';
import { OwnedObjects } from './owned-objects.js';
import { PlanReading } from './plan-reading.js';
import { ProgramStamp } from './program-stamp.js';
import { ProposedClusters } from './proposed-clusters.js';
import { RollingSets } from './rolling-sets.js';
import { SettledPassStore } from './settled-pass-store.js';
import { SettledPasses } from './settled-passes.js';
import { TouchedSets } from './touched-sets.js';

const PUBLIC = [
  ClusterHistory,
  FleetReadings,
  GeneratedPlanner,
  GeneratorRuns,
  OwnedObjects,
  PlanReading,
  ProposedClusters,
  RollingSets,
  SettledPasses,
  TouchedSets,
];

/** Global: sets of Applications and of stores run through it, and Applications read the fleet with it. */
@Global()
@Module({})
export class GenerationModule {
  /** `program` names the build that runs. */
  static of(program: string): DynamicModule {
    const stamp = { provide: ProgramStamp, useValue: new ProgramStamp(program) };
    return {
      module: GenerationModule,
      imports: [ClustersModule, WorkQueueModule],
      providers: [...PUBLIC, GitInputs, SettledPassStore, stamp],
      exports: PUBLIC,
    };
  }
}
