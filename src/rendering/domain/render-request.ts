import type { RenderOwner } from './render-owner.js';

/** What decides the manifests of one Application: its sources, and what templates may ask about it and its cluster. */
export interface RenderRequest {
  /** In the order of the spec: of an object that several give, the last one counts (argocd-behaviour.md 4.1). */
  sources: readonly SourceRequest[];
  application: RenderedApplication;
  cluster: TargetCluster;
  /** Whose the bundle is where it cannot be shared. */
  owner?: RenderOwner;
}

export interface RenderedApplication {
  name: string;
  /** `<namespace>_<name>` outside the control namespace (argocd-behaviour.md 4.8). */
  instance: string;
  project: string;
  /** The destination's. */
  namespace: string;
}

/** What a chart sees as `.Capabilities`. */
export interface TargetCluster {
  /** As Helm takes it, `1.36.0`; '' where nobody knows yet: Helm's own default counts. */
  kubeVersion: string;
  /** `v1`, `apps/v1`, `apps/v1/Deployment`; added to those that Helm knows itself. */
  apiVersions: readonly string[];
}

/** One source of an Application, as far as it decides what is rendered (argocd-behaviour.md 4.1). */
export interface SourceRequest {
  repoURL: string;
  /** Branch, tag, commit or '' for the default branch; of a chart its version or a range. */
  revision: string;
  path: string;
  /** Of the tags that a range of versions is looked up among. */
  tagPrefix?: string;
  /** Other sources read this one's files as `$<ref>/…`. */
  ref?: string;
  chart?: string;
  kustomize?: KustomizeOptions;
  helm?: HelmOptions;
  directory?: DirectoryOptions;
  plugin?: unknown;
}

export interface DirectoryOptions {
  recurse?: boolean;
  /** Globs over the path below the source's directory; `*` crosses `/`, `{a,b}` are alternatives. */
  include?: string;
  exclude?: string;
  disableExtensionFilter?: boolean;
  jsonnet?: unknown;
}

export interface HelmOptions {
  valueFiles?: string[];
  parameters?: HelmParameter[];
  fileParameters?: { name?: string; path?: string }[];
  releaseName?: string;
  values?: string;
  /** Wins over `values`. */
  valuesObject?: Record<string, unknown>;
  /** Of Helm; 3 and 4 print the same, so it changes nothing. */
  version?: string;
  passCredentials?: boolean;
  ignoreMissingValueFiles?: boolean;
  skipCrds?: boolean;
  skipTests?: boolean;
  skipSchemaValidation?: boolean;
  namespace?: string;
  kubeVersion?: string;
  apiVersions?: string[];
}

export interface HelmParameter {
  name?: string;
  value?: string;
  /** Text even where it looks like a number. */
  forceString?: boolean;
}

export interface KustomizeOptions {
  namePrefix?: string;
  nameSuffix?: string;
  namespace?: string;
  /** `name=new:tag`, `name=new@digest`, `name:tag`, `name@digest`. */
  images?: string[];
  replicas?: { name: string; count: number | string }[];
  commonLabels?: Record<string, string>;
  commonAnnotations?: Record<string, string>;
  commonAnnotationsEnvsubst?: boolean;
  forceCommonLabels?: boolean;
  forceCommonAnnotations?: boolean;
  labelWithoutSelector?: boolean;
  labelIncludeTemplates?: boolean;
  patches?: unknown[];
  components?: string[];
  ignoreMissingComponents?: boolean;
  kubeVersion?: string;
  apiVersions?: string[];
  [field: string]: unknown;
}
