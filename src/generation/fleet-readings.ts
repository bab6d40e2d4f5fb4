import { Injectable } from '@nestjs/common';
import { ObjectStore } from '../database/objects/object-store.js';
import { ProjectReader, type ProjectInfo } from '../projects/project.reader.js';
import { ClusterReader, type ClusterInfo } from '../clusters/cluster-reader.js';
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
    const [clusters, projects] = await Promise.all([this.readClusters(this.latest), this.projects.all()]);
    this.latest = { version, clusters: new FleetClusters(clusters), projects };
    return this.latest;
  }

  /** Only what changed since the last reading, unless a Cluster came or went. */
  private async readClusters(last: WholeFleet | undefined): Promise<readonly ClusterInfo[]> {
    if (!last) return this.clusters.all();
    const [, position = '0'] = last.version.split(' ');
    const { changed, count } = await this.clusters.changedSince(position);
    const known = last.clusters.all;
    const uids = new Set(known.map(({ uid }) => uid));
    if (count !== known.length || changed.some(({ uid }) => !uids.has(uid))) return this.clusters.all();
    const edited = new Map(changed.map((cluster) => [cluster.uid, cluster]));
    return known.map((cluster) => edited.get(cluster.uid) ?? cluster);
  }
}
