import { Global, Module } from '@nestjs/common';
import { ClustersModule } from '../clusters/clusters.module.js';
import { WorkQueueModule } from '../reconcile/work-queue.module.js';
import { ClusterHistory } from './cluster-history.js';
import { FleetReadings } from './fleet-readings.js';
import { GeneratedPlanner } from './generated-plan.js';
import { GeneratorRuns } from './generator-runs.js';
import { GitInputs } from './git-inputs.js';
import { OwnedObjects } from './owned-objects.js';
import { PlanReading } from './plan-reading.js';
import { ProposedClusters } from './proposed-clusters.js';
import { RollingSets } from './rolling-sets.js';
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
@Module({
  imports: [ClustersModule, WorkQueueModule],
  providers: [...PUBLIC, GitInputs],
  exports: PUBLIC,
})
export class GenerationModule {}
