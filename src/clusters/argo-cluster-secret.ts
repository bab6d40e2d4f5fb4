import { CONTROL_NAMESPACE } from '../access/access-object.js';
import { isSubdomain } from '../documents/validate-metadata.js';
import { invalid, type FleetError } from '../kernel/errors.js';
import type { KubernetesObject } from '../kernel/object.js';
import { secretData } from '../kubernetes/secret-data.js';
import { CLUSTER_LABEL } from './domain/cluster.js';

/** Where appliers keep a copy of the whole document, credentials included, and Argo CD's own mark. */
const INTERNAL_ANNOTATIONS = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'kapp.k14s.io/original',
  'objectset.rio.cattle.io/applied',
  'banzaicloud.com/last-applied',
  'managed-by',
]);

const KNOWN = new Set(['name', 'server', 'project', 'config', 'namespaces', 'clusterResources', 'shard']);

const DROPPED: Readonly<Record<string, string>> = {
  config: 'data.config was dropped: agents dial in, so the hub keeps no credentials of clusters',
  namespaces: 'data.namespaces is not read: limit the agent by FLEETWRIGHT_ALLOWED_NAMESPACES',
  clusterResources: 'data.clusterResources is not read: limit the agent by FLEETWRIGHT_ALLOWED_KINDS',
  shard: 'data.shard is not read: each cluster has its own agent',
};

/**
 * The Cluster that an Argo CD cluster Secret stands for (argocd-behaviour.md 7.2), without its credentials. Throws
 * INVALID_DOCUMENT, repeating no value.
 */
export function clusterOfSecret(secret: KubernetesObject): { cluster: KubernetesObject; warnings: string[] } {
  const data = secretData(secret);
  const server = serverIn(data);
  const project = data.get('project') ?? '';
  const { [CLUSTER_LABEL]: _type, ...labels } = secret.metadata.labels ?? {};
  const annotations = Object.entries(secret.metadata.annotations ?? {}).filter(
    ([key]) => !INTERNAL_ANNOTATIONS.has(key),
  );
  const cluster: KubernetesObject = {
    apiVersion: 'fleetwright.io/v1alpha1',
    kind: 'Cluster',
    metadata: {
      name: nameIn(data) ?? secret.metadata.name,
      namespace: CONTROL_NAMESPACE,
      labels,
      ...(annotations.length === 0 ? {} : { annotations: Object.fromEntries(annotations) }),
    },
    spec: { ...(server === undefined ? {} : { server }), ...(project === '' ? {} : { project }) },
  };
  return { cluster, warnings: warningsOf(data) };
}

function nameIn(data: ReadonlyMap<string, string>): string | undefined {
  const name = data.get('name') ?? '';
  if (name === '') return undefined;
  if (isSubdomain(name)) return name;
  throw faulty('data.name', 'must be a DNS subdomain name: it becomes the name of the Cluster');
}

function serverIn(data: ReadonlyMap<string, string>): string | undefined {
  const server = (data.get('server') ?? '').replace(/\/+$/, '');
  if (server === '') return undefined;
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw faulty('data.server', 'must be an http or https URL');
  if (url.username + url.password + url.search === '') return server;
  throw faulty('data.server', 'must hold no user, password or query');
}

function warningsOf(data: ReadonlyMap<string, string>): string[] {
  const present = [...data].filter(([, value]) => value !== '').map(([key]) => key);
  return present.flatMap((key) => {
    if (!KNOWN.has(key)) return [`unknown field "data.${key}"`];
    return Object.hasOwn(DROPPED, key) ? [DROPPED[key] as string] : [];
  });
}

function faulty(path: string, message: string): FleetError {
  return invalid('INVALID_DOCUMENT', `the cluster Secret is invalid: ${path}: ${message}`, [{ path, message }]);
}
