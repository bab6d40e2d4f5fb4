import type { ObjectScope } from '../../src/database/objects/hub-object.js';
import type { KubernetesObject } from '../../src/kernel/object.js';
import type { ApplicationSpec, ClusterName, SetSpec } from '../model/history.js';
import { CLUSTERS } from '../model/history.js';
import { REPOSITORY_URL } from './repository.js';

/** A document as the apply door would store it, and the columns beside it. */
export interface Document {
  object: KubernetesObject;
  scope: ObjectScope;
}

const NAMESPACE = 'argocd';
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
  const spec = {
    sourceRepos: ['*'],
    destinations: CLUSTERS.filter((name) => name !== denied).map((name) => ({ name, namespace: '*' })),
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
  };
  const metadata = { name: PROJECT, namespace: NAMESPACE };
  return { object: { apiVersion: API, kind: 'AppProject', metadata, spec }, scope: { project: PROJECT } };
}

export function applicationDocument(name: string, { directory, cluster, cascades }: ApplicationSpec): Document {
  const metadata = { name, namespace: NAMESPACE, ...(cascades ? { finalizers: CASCADE } : {}) };
  const spec = applicationSpec({ path: `apps/${directory}`, cluster, name });
  return { object: { apiVersion: API, kind: 'Application', metadata, spec }, scope: { project: PROJECT, cluster } };
}

export function setDocument(name: string, spec: SetSpec): Document {
  const { generators, template, path, cluster } = shapeOf(name, spec);
  const body = {
    generators,
    template: { metadata: { name: template }, spec: applicationSpec({ path, cluster, name: template }) },
  };
  const metadata = { name, namespace: NAMESPACE };
  return { object: { apiVersion: API, kind: 'ApplicationSet', metadata, spec: body }, scope: { project: PROJECT } };
}

function shapeOf(name: string, { shape, env, cluster, directory }: SetSpec) {
  const clusters = { clusters: { selector: { matchLabels: { env } } } };
  const git = { git: { repoURL: REPOSITORY_URL, revision: 'main', directories: [{ path: 'apps/*' }] } };
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

/** Each Application has a namespace of its own, so that an object tells whose it is. */
function applicationSpec({ path, cluster, name }: { path: string; cluster: string; name: string }) {
  return {
    project: PROJECT,
    source: { repoURL: REPOSITORY_URL, targetRevision: 'main', path },
    destination: { name: cluster, namespace: name },
    syncPolicy: SYNC,
  };
}
