import { Injectable } from '@nestjs/common';
import { HubIdentityStore } from '../database/hub-identity.js';
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
  /** Changes with every change of one of them, and when the database goes back to another history (HubIdentity). */
  version: string;
}

export interface ApplicationNames {
  project: string;
  destination: { name?: string | null | undefined; server?: string | null | undefined };
}

@Injectable()
export class FleetReadings {
  private latest: { epoch: string; position: string; fleet: WholeFleet } | undefined;

  constructor(
    private readonly store: ObjectStore,
    private readonly identity: HubIdentityStore,
    private readonly clusters: ClusterReader,
    private readonly projects: ProjectReader,
  ) {}

  /** Only what these Applications name: their projects (empty is `default`) and the clusters of their destinations. */
  async around(applications: readonly ApplicationNames[]): Promise<FleetReading> {
    const destinations = applications.map(({ destination }) => destination);
    const [clusters, projects] = await Promise.all([
      this.clusters.addressed(
        distinct(destinations.map(({ name }) => name)),
        distinct(destinations.map(({ name, server }) => (name ? undefined : server))),
      ),
      this.projects.named(distinct(applications.map(({ project }) => project || 'default'))),
    ]);
    return { clusters: new FleetClusters(clusters), projects };
  }

  /** The whole fleet; read anew only when a Cluster or a project changed, since every set is planned from it. */
  async now(): Promise<WholeFleet> {
    const [epoch, objects] = await Promise.all([this.identity.epoch(), this.store.version(['Cluster', 'AppProject'])]);
    const version = `${epoch} ${objects}`;
    if (this.latest?.fleet.version === version) return this.latest.fleet;
    const known = this.latest?.epoch === epoch ? this.latest : undefined;
    const [clusters, projects] = await Promise.all([this.readClusters(known), this.projects.all()]);
    const [, position = '0'] = objects.split(' ');
    const fleet = { version, clusters: new FleetClusters(clusters), projects };
    this.latest = { epoch, position, fleet };
    return fleet;
  }

  /** Only what changed since the last reading, unless a Cluster came or went. */
  private async readClusters(last: typeof this.latest): Promise<readonly ClusterInfo[]> {
    if (!last) return this.clusters.all();
    const { changed, count } = await this.clusters.changedSince(last.position);
    const known = last.fleet.clusters.all;
    const uids = new Set(known.map(({ uid }) => uid));
    if (count !== known.length || changed.some(({ uid }) => !uids.has(uid))) return this.clusters.all();
    const edited = new Map(changed.map((cluster) => [cluster.uid, cluster]));
    return known.map((cluster) => edited.get(cluster.uid) ?? cluster);
  }
}

function distinct(values: readonly (string | null | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== null && value !== undefined && value !== ''))] as string[];
}
