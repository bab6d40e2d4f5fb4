import { Injectable } from '@nestjs/common';
import { Transactions, type Queryable } from '../database/transactions.js';
import type { KubernetesObject } from '../kernel/object.js';
import { nameIn, serverOf, type ClusterSpec } from './domain/cluster.js';

/** A Cluster as the pipeline sees it: without its status, which nothing may plan by. */
export interface ClusterInfo {
  uid: string;
  name: string;
  server: string;
  project?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  resourceVersion: string;
}

interface ClusterRow {
  uid: string;
  name: string;
  project: string | null;
  server: string | null;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  position: string;
}

/** The fleet, for expansion and the pipelines. */
@Injectable()
export class ClusterReader {
  constructor(private readonly transactions: Transactions) {}

  /** Every Cluster, by name. */
  all(on: Queryable = this.transactions): Promise<ClusterInfo[]> {
    return read(on, 'true', []);
  }

  /** Clusters that changed past a position, and how many there are in all. */
  async changedSince(position: string): Promise<{ changed: ClusterInfo[]; count: number }> {
    const changed = await read(this.transactions, 'c.position > $1::bigint', [position]);
    const [row] = await this.transactions.query<{ count: string }>(
      `select count(*) from objects where kind = 'Cluster'`,
    );
    return { changed, count: Number(row?.count) };
  }

  async byName(name: string, on: Queryable = this.transactions): Promise<ClusterInfo | undefined> {
    const [found] = await read(on, 'o.name = $1', [name]);
    return found;
  }

  /**
   * Clusters of these names or addresses, by name. An address is `spec.server`, or the one that stands for a cluster without;
   * trailing slashes do not count.
   */
  async addressed(names: readonly string[], servers: readonly string[]): Promise<ClusterInfo[]> {
    const wanted = new Set(servers.map(withoutSlashes));
    const implied = [...wanted].flatMap((server) => nameIn(server) ?? []);
    const candidates = await read(
      this.transactions,
      `(rtrim(o.body #>> '{spec,server}', '/') = any($1) or o.name = any($2))`,
      [[...wanted], [...names, ...implied]],
    );
    return candidates.filter(({ name, server }) => names.includes(name) || wanted.has(withoutSlashes(server)));
  }
}

/** A Cluster document that is not stored, or not as it stands: what a preview plans with. */
export function clusterInfo({ metadata, ...body }: KubernetesObject): ClusterInfo {
  const spec = (body['spec'] ?? {}) as ClusterSpec;
  return {
    uid: metadata.uid ?? '',
    name: metadata.name,
    server: serverOf(metadata.name, spec),
    ...(spec.project === undefined ? {} : { project: spec.project }),
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    resourceVersion: metadata.resourceVersion ?? '',
  };
}

const withoutSlashes = (server: string): string => server.replace(/\/+$/, '');

async function read(on: Queryable, condition: string, parameters: unknown[]): Promise<ClusterInfo[]> {
  const rows = await on.query<ClusterRow>(
    `select o.uid, o.name, o.body #>> '{spec,project}' as project, o.body #>> '{spec,server}' as server,
       o.labels, o.annotations, c.position
     from objects o join commits c on c.id = o.commit_id where o.kind = 'Cluster' and ${condition} order by o.name`,
    parameters,
  );
  return rows.map(({ server, project, position, ...row }) => ({
    ...row,
    server: serverOf(row.name, server === null ? {} : { server }),
    ...(project === null ? {} : { project }),
    resourceVersion: position,
  }));
}
