import { apiVersionOf, type KindDefinition } from '../kind.js';
import type { VirtualCluster } from '../virtual-cluster.js';
import { schemasOf } from './openapi-schemas.js';

/**
 * OpenAPI v3 as far as kubectl asks for it: each kind's fields, and its patch with the parameters it takes, so that
 * `kubectl apply` leaves validation to the server.
 */
export function openApiAt(cluster: VirtualCluster, path: string): object | undefined {
  const [root, version, ...rest] = path.split('/').filter((segment) => segment !== '');
  if (root !== 'openapi' || version !== 'v3') return undefined;
  const served = cluster.registry.all();
  if (rest.length === 0) return index(served);
  const kinds = served.filter((kind) => groupPath(kind) === rest.join('/'));
  return kinds.length === 0 ? undefined : document(cluster, kinds);
}

function groupPath(kind: KindDefinition): string {
  return `${kind.group === '' ? 'api' : 'apis'}/${apiVersionOf(kind)}`;
}

function index(served: readonly KindDefinition[]): object {
  const groups = [...new Set(served.map(groupPath))];
  const paths = groups.map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}` }]);
  return { paths: Object.fromEntries(paths) };
}

function document({ kubernetesVersion }: VirtualCluster, kinds: readonly KindDefinition[]): object {
  const paths = kinds.map((kind) => [objectPath(kind), { patch: patchOperation(kind) }]);
  const info = { title: 'Kubernetes', version: kubernetesVersion };
  return { openapi: '3.0.0', info, paths: Object.fromEntries(paths), components: { schemas: schemasOf(kinds) } };
}

function objectPath(kind: KindDefinition): string {
  const place = kind.namespaced ? '/namespaces/{namespace}' : '';
  return `/${groupPath(kind)}${place}/${kind.plural}/{name}`;
}

function patchOperation({ group, version, kind }: KindDefinition): object {
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({ name, in: 'query' }));
  return { parameters, responses: {}, 'x-kubernetes-group-version-kind': { group, version, kind } };
}
