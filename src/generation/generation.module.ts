import { Global, Module } from '@nestjs/common';
import { ClustersModule } from '../clusters/clusters.module.js';
import { FleetReadings } from './fleet-readings.js';
import { GeneratedPlanner } from './generated-plan.js';
import { GeneratorRuns } from './generator-runs.js';
import { OwnedObjects } from './owned-objects.js';

const PROVIDERS = [FleetReadings, GeneratedPlanner, GeneratorRuns, OwnedObjects];

/** Global: sets of Applications and of stores run through it, and Applications read the fleet with it. */
@Global()
@Module({ imports: [ClustersModule], providers: PROVIDERS, exports: PROVIDERS })
export class GenerationModule {}
