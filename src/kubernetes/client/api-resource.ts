/** One served resource: enough to build its paths. */
export interface ApiResource {
  group: string;
  version: string;
  kind: string;
  /** Plural name as in paths: `deployments`. */
  resource: string;
  namespaced: boolean;
}

export function apiVersionOf({ group, version }: Pick<ApiResource, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** Path of a collection, of every namespace when none is given, or of one object. */
export function resourcePath(resource: ApiResource, place: { namespace?: string; name?: string } = {}): string {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${apiVersionOf(resource)}`;
  const namespace = resource.namespaced && place.namespace !== undefined && place.namespace !== '';
  const parts = [
    root,
    ...(namespace ? ['namespaces', segment(place.namespace ?? '')] : []),
    resource.resource,
    ...(place.name === undefined ? [] : [segment(place.name)]),
  ];
  return parts.join('/');
}

/** Names come from manifests: `..` or a slash in one must not reach another path. */
function segment(name: string): string {
  return name === '.' || name === '..' ? name.replaceAll('.', '%2E') : encodeURIComponent(name);
}

export const NAMESPACES: ApiResource = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  resource: 'namespaces',
  namespaced: false,
};
export const CONFIG_MAPS: ApiResource = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  resource: 'configmaps',
  namespaced: true,
};
export const SECRETS: ApiResource = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  resource: 'secrets',
  namespaced: true,
};
