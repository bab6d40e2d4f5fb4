import type { ObjectWrite } from '../../src/database/objects/hub-object.js';

export const PROJECT = 'platform';
const NAMESPACE = 'argocd';

/** Permits everything. */
export function projectWrite(name = PROJECT, roles: object[] = []): ObjectWrite {
  const spec = {
    roles,
    sourceRepos: ['*'],
    destinations: [{ server: '*', namespace: '*' }],
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
  };
  return {
    object: {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name, namespace: NAMESPACE },
      spec,
    },
    scope: { project: name },
  };
}

export function clusterWrite(index: number, labels: Record<string, string> = {}): ObjectWrite {
  const name = `cluster-${index}`;
  const all = {
    'argocd.argoproj.io/secret-type': 'cluster',
    env: index % 4 === 0 ? 'prod' : 'dev',
    region: `region-${index % 7}`,
    tier: `tier-${index % 3}`,
    ...labels,
  };
  return {
    object: {
      apiVersion: 'fleetwright.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name, namespace: NAMESPACE, labels: all },
      spec: { server: `https://${name}.example.com:6443` },
    },
    scope: {},
  };
}

interface SetParts {
  name: string;
  generators: object[];
  repoURL?: string;
  path?: string;
}

/** A fasttemplate set whose Applications are `<set>-<cluster>` and, where it lists elements, `-<element>`. */
export function setWrite({
  name,
  generators,
  repoURL = 'https://git.example.com/fleet.git',
  path = 'web',
}: SetParts): ObjectWrite {
  const application = JSON.stringify(generators).includes('element')
    ? `${name}-{{name}}-{{element}}`
    : `${name}-{{name}}`;
  const template = {
    metadata: { name: application, labels: { env: '{{metadata.labels.env}}', 'app.kubernetes.io/part-of': name } },
    spec: {
      project: PROJECT,
      source: { repoURL, targetRevision: 'main', path, directory: { recurse: true } },
      destination: { server: '{{server}}', namespace: 'web' },
      syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['CreateNamespace=true'] },
    },
  };
  return {
    object: {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'ApplicationSet',
      metadata: { name, namespace: NAMESPACE },
      spec: { generators, template },
    },
    scope: { project: PROJECT },
  };
}

/** Every cluster times `count` elements. */
export function clustersTimes(count: number): object {
  const elements = Array.from({ length: count }, (_, index) => ({ element: `e${index}` }));
  const clusters = { clusters: { selector: { matchLabels: { 'argocd.argoproj.io/secret-type': 'cluster' } } } };
  return { matrix: { generators: [clusters, { list: { elements } }] } };
}

export const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\ndata: { value: "1" }\n';

/** An Application without a set. */
export function applicationWrite(index: number, project: string): ObjectWrite {
  const name = `app-${index}`;
  const labels = { env: Math.floor(index / 100) % 4 === 0 ? 'prod' : 'dev', region: `region-${index % 7}` };
  const spec = {
    project,
    source: { repoURL: 'https://git.example.com/fleet.git', targetRevision: 'main', path: `apps/${name}` },
    destination: { server: 'https://cluster-0.example.com:6443', namespace: 'web' },
    syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['CreateNamespace=true'] },
  };
  return {
    object: {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name, namespace: NAMESPACE, labels },
      spec,
    },
    scope: { project },
  };
}
