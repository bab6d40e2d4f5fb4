import type { RenderedApplication, SourceRequest, TargetCluster } from './render-request.js';

export interface EnvironmentFacts {
  application: RenderedApplication;
  cluster: TargetCluster;
  source: Pick<SourceRequest, 'repoURL' | 'path' | 'revision'>;
  /** What the revision named. */
  revision: string;
}

/** The variables that texts of a source may use (argocd-behaviour.md 4.1). */
export function buildEnvironment({ application, cluster, source, revision }: EnvironmentFacts): Map<string, string> {
  return new Map([
    ['ARGOCD_APP_NAME', application.instance],
    ['ARGOCD_APP_NAMESPACE', application.namespace],
    ['ARGOCD_APP_PROJECT_NAME', application.project],
    ['ARGOCD_APP_REVISION', revision],
    ['ARGOCD_APP_REVISION_SHORT', revision.slice(0, 7)],
    ['ARGOCD_APP_REVISION_SHORT_8', revision.slice(0, 8)],
    ['ARGOCD_APP_SOURCE_REPO_URL', source.repoURL],
    ['ARGOCD_APP_SOURCE_PATH', source.path],
    ['ARGOCD_APP_SOURCE_TARGET_REVISION', source.revision],
    ['KUBE_VERSION', cluster.kubeVersion],
    ['KUBE_API_VERSIONS', cluster.apiVersions.join(',')],
  ]);
}

// `$$` is a dollar, `$name` and `${name}` a variable, `${}` or an open brace nothing, and a lone `$` stays.
const REFERENCE = /\$(?:\$|(\w+)|[*#@!?-]|\{(\w+|[*#$@!?-])\}|\{[^}]*\}?)/g;

/** Puts variables in as Go's os.Expand does; one that is not set is empty. */
export function substitute(text: string, environment: ReadonlyMap<string, string>): string {
  return text.replace(REFERENCE, (reference, bare: string | undefined, braced: string | undefined) => {
    const name = bare ?? braced;
    if (reference === '$$' || name === '$') return '$';
    return (name !== undefined && environment.get(name)) || '';
  });
}
