/** What platform admins let generators ask (argocd-behaviour.md 3.8). */
export interface ScmPolicy {
  /** False turns every scmProvider and pullRequest off. */
  enabled: boolean;
  /** `api` URLs, compared as written; with any listed, others are refused. */
  allowedProviders: readonly string[];
  /** Servers with private addresses may be asked, listed or not. */
  allowPrivate: boolean;
}
