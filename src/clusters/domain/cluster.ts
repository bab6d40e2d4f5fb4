import type { z } from 'zod';
import type { clusterSchema } from './cluster.schema.js';

/** Address of the hub's own document store: how app-of-apps is spelled. */
export const IN_CLUSTER_SERVER = 'https://kubernetes.default.svc';
export const IN_CLUSTER_NAME = 'in-cluster';

/** Every Cluster carries it, so that selectors written for Argo CD's cluster Secrets match (design.md section 2). */
export const CLUSTER_LABEL = 'argocd.argoproj.io/secret-type';

export type ClusterSpec = z.infer<typeof clusterSchema>['spec'];

/** What `{{server}}` and destinations by server mean for a cluster without a `spec.server`. */
export function serverOf(name: string, spec: ClusterSpec): string {
  return spec.server ?? `https://${name}.clusters.fleetwright.invalid`;
}
