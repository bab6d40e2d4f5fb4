import { Injectable } from '@nestjs/common';
import { ClusterReader } from '../clusters/cluster-reader.js';
import { FleetClusters } from '../clusters/fleet-clusters.js';
import { ProjectReader } from '../projects/project.reader.js';
import type { FleetReading } from './set-planner.js';

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
