import type { ObjectScope } from '../../src/database/objects/hub-object.js';
import type { KubernetesObject } from '../../src/kernel/object.js';
import type { ApplicationSpec, ClusterName, SetSpec, StoresSpec } from '../model/history.js';
import { CLUSTERS } from '../model/history.js';

/** A document as the apply door would store it, and the columns beside it. */
export interface Document {
  object: KubernetesObject;
  scope: ObjectScope;
}

export const NAMESPACE = 'argocd';
/** Where the documents of `rootDocument` lie. */
export const CHILDREN_PATH = 'root';
const PROJECT = 'team';
const API = 'argoproj.io/v1alpha1';
const CASCADE = ['resources-finalizer.argocd.argoproj.io'];

/** What any Application here asks for beside its source and place. */
const SYNC = { automated: { prune: true, selfHeal: true }, syncOptions: ['CreateNamespace=true'] };

export function clusterDocument(name: string, env?: string): Document {
  const labels = { 'argocd.argoproj.io/secret-type': 'cluster', ...(env === undefined ? {} : { env }) };
  const metadata = { name, namespace: NAMESPACE, labels };
  return {
    object: { apiVersion: 'fleetwright.io/v1alpha1', kind: 'Cluster', metadata, spec: {} },
    scope: { cluster: name },
  };
}

export function projectDocument(denied: ClusterName | null): Document {
  const places = ['in-cluster', ...CLUSTERS.filter((name) => name !== denied)];
  const spec = {
    sourceRepos: ['*'],
    destinations: places.map((name) => ({ name, namespace: '*' })),
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
  };
  const metadata = { name: PROJECT, namespace: NAMESPACE };
  return { object: { apiVersion: API, kind: 'AppProject', metadata, spec }, scope: { project: PROJECT } };
}

/** Takes the documents of Applications from the repository into the hub. */
export function rootDocument(repoURL: string): Document {
  const metadata = { name: 'root', namespace: NAMESPACE, finalizers: CASCADE };
  const spec = {
    project: PROJECT,
    source: { repoURL, targetRevision: 'main', path: CHILDREN_PATH },
    destination: { name: 'in-cluster', namespace: NAMESPACE },
    syncPolicy: SYNC,
  };
  return {
    object: { apiVersion: API, kind: 'Application', metadata, spec },
    scope: { project: PROJECT, cluster: 'in-cluster' },
  };
}

export function applicationDocument(
  name: string,
  { directory, cluster, cascades }: ApplicationSpec,
  repoURL: string,
): Document {
  const metadata = { name, namespace: NAMESPACE, ...(cascades ? { finalizers: CASCADE } : {}) };
  const spec = applicationSpec({ repoURL, path: `apps/${directory}`, cluster, name });
  return { object: { apiVersion: API, kind: 'Application', metadata, spec }, scope: { project: PROJECT, cluster } };
}

export function setDocument(name: string, spec: SetSpec, repoURL: string): Document {
  const { generators, template, path, cluster } = shapeOf(name, spec, repoURL);
  const body = {
    generators,
    template: { metadata: { name: template }, spec: applicationSpec({ repoURL, path, cluster, name: template }) },
  };
  const metadata = { name, namespace: NAMESPACE };
  return { object: { apiVersion: API, kind: 'ApplicationSet', metadata, spec: body }, scope: { project: PROJECT } };
}

export function storesDocument(name: string, { env, region }: StoresSpec): Document {
  const spec = {
    project: PROJECT,
    generators: [{ clusters: { selector: { matchLabels: { env } } } }],
    template: {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ClusterSecretStore',
      metadata: { name },
      spec: { provider: { aws: { service: 'SecretsManager', region } } },
    },
  };
  const metadata = { name, namespace: NAMESPACE };
  return {
    object: { apiVersion: 'fleetwright.io/v1alpha1', kind: 'SecretStoreSet', metadata, spec },
    scope: { project: PROJECT },
  };
}

function shapeOf(name: string, { shape, env, cluster, directory }: SetSpec, repoURL: string) {
  const clusters = { clusters: { selector: { matchLabels: { env } } } };
  const git = { git: { repoURL, revision: 'main', directories: [{ path: 'apps/*' }] } };
  switch (shape) {
    case 'clusters':
      return { generators: [clusters], template: `${name}-{{name}}`, path: `apps/${directory}`, cluster: '{{name}}' };
    case 'directories':
      return { generators: [git], template: `${name}-{{path.basename}}`, path: '{{path}}', cluster };
    case 'matrix': {
      const generators = [{ matrix: { generators: [clusters, git] } }];
      return { generators, template: `${name}-{{name}}-{{path.basename}}`, path: '{{path}}', cluster: '{{name}}' };
    }
  }
}

interface Place {
  repoURL: string;
  path: string;
  cluster: string;
  name: string;
}

/** Each Application has a namespace of its own, so that an object tells whose it is. */
function applicationSpec({ repoURL, path, cluster, name }: Place) {
  return {
    project: PROJECT,
    source: { repoURL, targetRevision: 'main', path },
    destination: { name: cluster, namespace: name },
    syncPolicy: SYNC,
  };
}
