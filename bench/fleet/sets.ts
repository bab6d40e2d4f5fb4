import type { ApplicationSetDocument } from '../../src/expansion/applicationset-document.js';
import type { ClusterRecord, ExpansionReader } from '../../src/expansion/reader.js';
import { ok } from '../../src/kernel/result.js';

export const ENGINES = ['fasttemplate', 'Go templates', 'Handlebars'] as const;
export type EngineName = (typeof ENGINES)[number];

export const SHAPES = ['list', 'clusters', 'clusters × git'] as const;
export type ShapeName = (typeof SHAPES)[number];

const DIRECTORIES = 10;
const REPOSITORY = 'https://git.example.com/platform/fleet.git';

/** A set of `count` results, as people write them: name, labels, source, destination and sync policy. */
export function setOf(shape: ShapeName, engine: EngineName, count: number): ApplicationSetDocument {
  const isFast = engine === 'fasttemplate';
  const annotations = { 'fleetwright.io/template-engine': 'handlebars' };
  return {
    metadata: { name: 'bench', namespace: 'argocd', ...(engine === 'Handlebars' ? { annotations } : {}) },
    spec: {
      ...(isFast || engine === 'Handlebars' ? {} : { goTemplate: true, goTemplateOptions: ['missingkey=error'] }),
      generators: [generatorOf(shape, count)],
      template: templateOf(shape, tagsOf(engine)),
    },
  };
}

/** Clusters and one repository in memory, for a set of `count` results of this shape. */
export function readerOf(shape: ShapeName, count: number): ExpansionReader {
  const clusters = shape === 'list' ? [] : clustersOf(shape === 'clusters' ? count : count / DIRECTORIES);
  const directories = Array.from({ length: DIRECTORIES }, (_, index) => `addons/addon-${index}`);
  return {
    clusters: async () => clusters,
    gitDirectories: async () => ok(['addons', ...directories]),
    gitFiles: async () => ok([]),
    gitFile: async () => ok(''),
  };
}

function clustersOf(count: number): ClusterRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `cluster-${index}`,
    server: `https://cluster-${index}.example.com:6443`,
    project: '',
    labels: {
      'argocd.argoproj.io/secret-type': 'cluster',
      env: index % 4 === 0 ? 'prod' : 'dev',
      region: `region-${index % 7}`,
      tier: `tier-${index % 3}`,
    },
    annotations: { 'fleet.example.com/owner': `team-${index % 20}` },
  }));
}

function generatorOf(shape: ShapeName, count: number): object {
  const clusters = { clusters: { selector: { matchLabels: { 'argocd.argoproj.io/secret-type': 'cluster' } } } };
  if (shape === 'clusters') return clusters;
  if (shape === 'clusters × git') {
    const git = { git: { repoURL: REPOSITORY, revision: 'main', directories: [{ path: 'addons/*' }] } };
    return { matrix: { generators: [clusters, git] } };
  }
  const elements = Array.from({ length: count }, (_, index) => ({
    name: `element-${index}`,
    server: `https://element-${index}.example.com:6443`,
    env: index % 4 === 0 ? 'prod' : 'dev',
    region: `region-${index % 7}`,
  }));
  return { list: { elements } };
}

interface Tags {
  parameter(name: string): string;
  label(name: string): string;
  basename: string;
  path: string;
}

function tagsOf(engine: EngineName): Tags {
  if (engine === 'fasttemplate') {
    return {
      parameter: (name) => `{{${name}}}`,
      label: (name) => `{{metadata.labels.${name}}}`,
      basename: '{{path.basename}}',
      path: '{{path}}',
    };
  }
  const dot = engine === 'Handlebars' ? '' : '.';
  return {
    parameter: (name) => `{{${dot}${name}}}`,
    label: (name) => `{{${dot}metadata.labels.${name}}}`,
    basename: `{{${dot}path.basename}}`,
    path: `{{${dot}path.path}}`,
  };
}

function templateOf(shape: ShapeName, tags: Tags): object {
  const { parameter } = tags;
  const label = shape === 'list' ? parameter : tags.label;
  const isMatrix = shape === 'clusters × git';
  const name = isMatrix ? `${parameter('name')}-${tags.basename}` : `app-${parameter('name')}`;
  return {
    metadata: { name, labels: { env: label('env'), region: label('region'), 'app.kubernetes.io/part-of': 'platform' } },
    spec: {
      project: 'platform',
      source: {
        repoURL: REPOSITORY,
        targetRevision: 'main',
        path: isMatrix ? tags.path : `overlays/${label('env')}`,
        helm: { releaseName: name, parameters: [{ name: 'region', value: label('region') }] },
      },
      destination: { server: parameter('server'), namespace: `web-${label('env')}` },
      syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['CreateNamespace=true'] },
    },
  };
}
