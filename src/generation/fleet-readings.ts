import { Injectable } from '@nestjs/common';
import { ObjectStore } from '../database/objects/object-store.js';
import { ProjectReader, type ProjectInfo } from '../projects/project.reader.js';
import { ClusterReader } from '../clusters/cluster-reader.js';
import { FleetClusters } from '../clusters/fleet-clusters.js';

/** One reading of everything that expansion and project rules look at. */
export interface FleetReading {
  clusters: FleetClusters;
  projects: ReadonlyMap<string, ProjectInfo>;
}

/** A reading of all Clusters and projects there are. */
export interface WholeFleet extends FleetReading {
  /** Changes with every change of one of them. */
  version: string;
}

export interface ApplicationNames {
  project: string;
  destination: { name?: string | null | undefined; server?: string | null | undefined };
}

@Injectable()
export class FleetReadings {
  private latest: WholeFleet | undefined;

  constructor(
    private readonly store: ObjectStore,
    private readonly clusters: ClusterReader,
    private readonly projects: ProjectReader,
  ) {}

  /** Only what one Application names: its project (empty is `default`) and the cluster of its destination. */
  async around({ project, destination }: ApplicationNames): Promise<FleetReading> {
    const { name, server } = destination;
    const [cluster, found] = await Promise.all([
      name ? this.clusters.byName(name) : this.clusters.byServer(server ?? ''),
      this.projects.find(project || 'default'),
    ]);
    return {
      clusters: new FleetClusters(cluster ? [cluster] : []),
      projects: new Map(found ? [[found.name, found]] : []),
    };
  }

  /** The whole fleet; read anew only when a Cluster or a project changed, since every set is planned from it. */
  async now(): Promise<WholeFleet> {
    const version = await this.store.version(['Cluster', 'AppProject']);
    if (this.latest?.version === version) return this.latest;
    const [clusters, projects] = await Promise.all([this.clusters.all(), this.projects.all()]);
    this.latest = { version, clusters: new FleetClusters(clusters), projects };
    return this.latest;
  }
}
