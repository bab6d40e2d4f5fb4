import { isObject } from '../kernel/json.js';
import type { KubernetesObject } from '../kernel/object.js';
import type { VirtualCluster } from '../simulator/virtual-cluster.js';
import { roleOf } from './tenants.js';

/** What every labelled cluster runs; its Applications are called `<service>-<cluster>`. */
export const SERVICES = ['cert-manager', 'external-dns', 'prometheus', 'shop'] as const;

const STORE = { group: 'external-secrets.io', kind: 'ClusterSecretStore', namespace: '', name: 'aws-secrets-manager' };

export function applicationNames(cluster: string): string[] {
  return SERVICES.map((service) => `${service}-${cluster}`);
}

/** The query that narrows a list of Applications to a cluster. */
export function onCluster(cluster: string): string {
  return `fieldSelector=${encodeURIComponent(`spec.destination.name=${cluster}`)}`;
}

/** `Ready` when the cluster's own store is there, assumes the cluster's role and works. */
export function storeState(cluster: VirtualCluster): string {
  const store = cluster.get(STORE);
  if (!store) return '–';
  if (field(store, 'spec', 'provider', 'aws', 'role') !== roleOf(cluster.name)) return 'wrong role';
  const conditions = field(store, 'status', 'conditions');
  const isReady = (condition: unknown): boolean =>
    isObject(condition) && condition['type'] === 'Ready' && condition['status'] === 'True';
  return Array.isArray(conditions) && conditions.some(isReady) ? 'Ready' : 'not ready';
}

export function deployment(cluster: VirtualCluster, namespace: string, name: string): KubernetesObject | undefined {
  return cluster.get({ group: 'apps', kind: 'Deployment', namespace, name });
}

/** Replicas that are asked for and there, and the image of the only container. */
export function rollout(object: KubernetesObject | undefined): { replicas: unknown; ready: unknown; image: unknown } {
  const containers = field(object, 'spec', 'template', 'spec', 'containers');
  return {
    replicas: field(object, 'spec', 'replicas'),
    ready: field(object, 'status', 'readyReplicas'),
    image: Array.isArray(containers) ? field(containers[0], 'image') : undefined,
  };
}

export function field(value: unknown, ...path: string[]): unknown {
  return path.reduce((node, name) => (isObject(node) ? node[name] : undefined), value);
}
