import { Injectable } from '@nestjs/common';
import { ProjectReader, type ProjectInfo } from '../projects/project.reader.js';
import { ClusterReader } from '../clusters/cluster-reader.js';
import { FleetClusters } from '../clusters/fleet-clusters.js';

/** One reading of everything that expansion and project rules look at. */
export interface FleetReading {
  clusters: FleetClusters;
  projects: ReadonlyMap<string, ProjectInfo>;
}

@Injectable()
export class FleetReadings {
  constructor(
    private readonly clusters: ClusterReader,
    private readonly projects: ProjectReader,
  ) {}

  async now(): Promise<FleetReading> {
    const [clusters, projects] = await Promise.all([this.clusters.all(), this.projects.all()]);
    return { clusters: new FleetClusters(clusters), projects };
  }
}
