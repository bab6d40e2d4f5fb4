/** A branch or tag moved, as the sender tells it. */
export interface PushEvent {
  kind: 'push';
  /** Every spelling of the repository that the sender names: web, clone, ssh. */
  urls: readonly string[];
  /** Name of the branch or tag without `refs/heads/` or `refs/tags/`. */
  revision: string;
  /** Whether it may be what HEAD stands for; true where the sender does not tell. */
  touchesDefault: boolean;
  /** Paths that changed; absent where the sender does not tell all of them. */
  files?: readonly string[];
  /** The branch or tag appeared or went. */
  comesOrGoes: boolean;
  /** The commit it stands at now; absent where the sender does not tell. */
  commit?: string;
}

/** A pull request was opened, closed or changed. */
export interface PullRequestEvent {
  kind: 'pull-request';
  urls: readonly string[];
}

/** Something was pushed to a registry, under this tag. */
export interface ArtifactEvent {
  kind: 'artifact';
  /** Registry and name, such as `ghcr.io/acme/charts/web`. */
  urls: readonly string[];
  revision: string;
}

export type WebhookEvent = PushEvent | PullRequestEvent | ArtifactEvent;
