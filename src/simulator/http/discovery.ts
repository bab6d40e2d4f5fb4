import { actionsOf } from './actions.js';
import { apiVersionOf, type KindDefinition } from '../kind.js';
import type { VirtualCluster } from '../virtual-cluster.js';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const STATUS_VERBS = ['get', 'patch', 'update'];
const SCALE = { group: 'autoscaling', version: 'v1', kind: 'Scale' };

/** The body of a discovery path, or undefined when the path is none. `aggregated` asks for the one-request form. */
export function discoveryAt(cluster: VirtualCluster, path: string, aggregated: boolean): object | undefined {
  const [root, group, version, ...beyond] = path.split('/').filter((segment) => segment !== '');
  if (beyond.length > 0) return undefined;
  if (root === 'version' && group === undefined) return versionInfo(cluster);
  const served = cluster.registry.all();
  if (root === 'api' && version === undefined) return coreDiscovery(served, group, aggregated);
  if (root !== 'apis') return undefined;
  const groups = served.filter((kind) => kind.group !== '');
  if (group === undefined) return aggregated ? aggregatedGroups(groups) : groupList(groups);
  const own = groups.filter((kind) => kind.group === group);
  if (own.length === 0) return undefined;
  if (version === undefined) return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(own) };
  return resourceList(own.filter((kind) => kind.version === version));
}

function versionInfo({ kubernetesVersion }: VirtualCluster): object {
  const [, major = '1', minor = '0'] = /^v(\d+)\.(\d+)/.exec(kubernetesVersion) ?? [];
  return { major, minor, gitVersion: kubernetesVersion, platform: 'linux/amd64' };
}

function coreDiscovery(served: KindDefinition[], version: string | undefined, aggregated: boolean): object | undefined {
  const core = served.filter((kind) => kind.group === '');
  if (version !== undefined) return resourceList(core.filter((kind) => kind.version === version));
  if (aggregated) return aggregatedGroups(core);
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
}

function groupList(kinds: readonly KindDefinition[]): object {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: byGroup(kinds).map(groupOf) };
}

function byGroup(kinds: readonly KindDefinition[]): KindDefinition[][] {
  return [...new Set(kinds.map((kind) => kind.group))].map((group) => kinds.filter((kind) => kind.group === group));
}

function groupOf(kinds: readonly KindDefinition[]): object {
  const versions = versionsOf(kinds).map((version) => ({ groupVersion: `${kinds[0]?.group}/${version}`, version }));
  return { name: kinds[0]?.group, versions, preferredVersion: versions[0] };
}

function versionsOf(kinds: readonly KindDefinition[]): string[] {
  return [...new Set(kinds.map((kind) => kind.version))];
}

function resourceList(kinds: readonly KindDefinition[]): object | undefined {
  const [first] = kinds;
  if (first === undefined) return undefined;
  const resources = kinds.flatMap((kind) => [
    resource(kind, kind.plural, verbsOf(kind)),
    ...(kind.hasStatus ? [resource(kind, `${kind.plural}/status`, STATUS_VERBS)] : []),
    ...(isPod(kind) ? [resource(kind, 'pods/log', ['get'])] : []),
    ...actionsOf(kind).map((name) => ({
      ...resource(kind, `${kind.plural}/${name}`, ['create']),
      ...ACTION_KINDS[name],
    })),
    ...(kind.hasScale ? [{ ...resource(kind, `${kind.plural}/scale`, STATUS_VERBS), ...SCALE }] : []),
  ]);
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersionOf(first), resources };
}

function resource(of: KindDefinition, name: string, verbs: string[]): object {
  const { singular, namespaced, kind, shortNames } = of;
  return { name, singularName: singular, namespaced, kind, verbs, shortNames, ...categoriesOf(of) };
}

function aggregatedGroups(kinds: readonly KindDefinition[]): object {
  const items = byGroup(kinds).map((own) => ({
    metadata: { name: own[0]?.group ?? '', creationTimestamp: null },
    versions: versionsOf(own).map((version) => ({
      version,
      freshness: 'Current',
      resources: own.filter((kind) => kind.version === version).map(aggregatedResource),
    })),
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}

function aggregatedResource(kind: KindDefinition): object {
  const { group, version, plural, singular, namespaced, shortNames, hasStatus } = kind;
  const responseKind = { group, version, kind: kind.kind };
  const subresources = [
    ...(hasStatus ? [{ subresource: 'status', responseKind, verbs: STATUS_VERBS }] : []),
    ...(isPod(kind) ? [{ subresource: 'log', responseKind, verbs: ['get'] }] : []),
    ...actionsOf(kind).map((subresource) => ({
      subresource,
      responseKind: ACTION_KINDS[subresource],
      verbs: ['create'],
    })),
    ...(kind.hasScale ? [{ subresource: 'scale', responseKind: SCALE, verbs: STATUS_VERBS }] : []),
  ];
  return {
    resource: plural,
    responseKind,
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: verbsOf(kind),
    shortNames,
    ...categoriesOf(kind),
    ...(subresources.length === 0 ? {} : { subresources }),
  };
}

const verbsOf = ({ isReview }: KindDefinition): string[] => (isReview ? ['create'] : VERBS);

/** In which kind an action is asked for; `kubectl drain` looks for it. */
const ACTION_KINDS: Readonly<Record<string, object>> = {
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction' },
  binding: { group: '', version: 'v1', kind: 'Binding' },
  token: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
};

const isPod = ({ group, kind }: KindDefinition): boolean => group === '' && kind === 'Pod';

function categoriesOf({ categories }: KindDefinition): object {
  return categories.length === 0 ? {} : { categories };
}
