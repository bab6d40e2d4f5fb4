import type { ClusterRecord } from '../expansion/reader.js';
import type { ClusterInfo } from './cluster-reader.js';

/** One reading of the fleet, indexed by what destinations are written in. Earlier clusters win a shared server. */
export class FleetClusters {
  private readonly names: ReadonlyMap<string, ClusterInfo>;
  private readonly servers: ReadonlyMap<string, ClusterInfo>;

  private asRecords: readonly ClusterRecord[] | undefined;
  private byProject: ReadonlyMap<string, ClusterInfo[]> | undefined;

  constructor(readonly all: readonly ClusterInfo[]) {
    this.names = new Map(all.map((cluster) => [cluster.name, cluster]));
    this.servers = new Map(all.toReversed().map((cluster) => [cluster.server.replace(/\/+$/, ''), cluster]));
  }

  byName(name: string): ClusterInfo | undefined {
    return this.names.get(name);
  }

  byServer(server: string): ClusterInfo | undefined {
    return this.servers.get(server);
  }

  /** Clusters bound to one project. */
  ownedBy(project: string): readonly ClusterInfo[] {
    this.byProject ??= groupedByProject(this.all);
    return this.byProject.get(project) ?? NONE;
  }

  /** As generators see it; made once, since every set is expanded from it. */
  records(): readonly ClusterRecord[] {
    this.asRecords ??= this.all.map((cluster) => ({ ...cluster, project: cluster.project ?? '' }));
    return this.asRecords;
  }

  /** The fleet as it would be with one cluster added, replaced or (without `next`) removed. */
  with(name: string, next: ClusterInfo | undefined): FleetClusters {
    const others = this.all.filter((cluster) => cluster.name !== name);
    return new FleetClusters(next ? [...others, next] : others);
  }
}

const NONE: readonly ClusterInfo[] = [];

function groupedByProject(clusters: readonly ClusterInfo[]): Map<string, ClusterInfo[]> {
  const groups = new Map<string, ClusterInfo[]>();
  for (const cluster of clusters) {
    if (cluster.project === undefined) continue;
    const group = groups.get(cluster.project);
    if (group) group.push(cluster);
    else groups.set(cluster.project, [cluster]);
  }
  return groups;
}
