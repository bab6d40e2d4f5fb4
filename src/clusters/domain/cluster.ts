import type { z } from 'zod';
import type { clusterSchema } from './cluster.schema.js';

/** Address of the hub's own document store: how app-of-apps is spelled. */
export const IN_CLUSTER_SERVER = 'https://kubernetes.default.svc';
export const IN_CLUSTER_NAME = 'in-cluster';

/** Every Cluster carries it, so that selectors written for Argo CD's cluster Secrets match (design.md section 2). */
export const CLUSTER_LABEL = 'argocd.argoproj.io/secret-type';

export type ClusterSpec = z.infer<typeof clusterSchema>['spec'];

const WITHOUT_SERVER = '.clusters.fleetwright.invalid';

/** What `{{server}}` and destinations by server mean for a cluster without a `spec.server`. */
export function serverOf(name: string, spec: ClusterSpec): string {
  return spec.server ?? `https://${name}${WITHOUT_SERVER}`;
}

/** The cluster that an address stands for where none has it as its `spec.server`; undefined for other addresses. */
export function nameIn(server: string): string | undefined {
  if (!server.startsWith('https://') || !server.endsWith(WITHOUT_SERVER)) return undefined;
  return server.slice('https://'.length, -WITHOUT_SERVER.length);
}
