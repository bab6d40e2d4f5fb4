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

  /** Only what one Application names: its project and the cluster of its destination. */
  async around({ project, name, server }: { project: string; name: string; server: string }): Promise<FleetReading> {
    const [cluster, found] = await Promise.all([
      name === '' ? this.clusters.byServer(server) : this.clusters.byName(name),
      this.projects.find(project),
    ]);
    return {
      clusters: new FleetClusters(cluster ? [cluster] : []),
      projects: new Map(found ? [[found.name, found]] : []),
    };
  }

  async now(): Promise<FleetReading> {
    const [clusters, projects] = await Promise.all([this.clusters.all(), this.projects.all()]);
    return { clusters: new FleetClusters(clusters), projects };
  }
}
