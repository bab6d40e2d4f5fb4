/** One `spec.source` of an Application, as far as it decides what is rendered (argocd-behaviour.md 4.1). */
export interface RenderRequest {
  repoURL: string;
  /** Branch, tag, commit or '' for the default branch. */
  revision: string;
  path: string;
  kustomize?: KustomizeOptions;
  directory?: DirectoryOptions;
  chart?: unknown;
  helm?: unknown;
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

export interface KustomizeOptions {
  namePrefix?: string;
  nameSuffix?: string;
  namespace?: string;
  /** `name=new:tag`, `name=new@digest`, `name:tag`, `name@digest`. */
  images?: string[];
  replicas?: { name: string; count: number | string }[];
  commonLabels?: Record<string, string>;
  commonAnnotations?: Record<string, string>;
  forceCommonLabels?: boolean;
  forceCommonAnnotations?: boolean;
  labelWithoutSelector?: boolean;
  labelIncludeTemplates?: boolean;
  patches?: unknown[];
  components?: string[];
  [field: string]: unknown;
}
