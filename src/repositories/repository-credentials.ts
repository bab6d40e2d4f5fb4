import type { GitCredentials } from './domain/git-credentials.js';

/** Finds what opens a repository; implemented over the repository Secrets (argocd-behaviour.md 7.3). */
export abstract class RepositoryCredentials {
  /** Undefined for anonymous access. */
  abstract find(url: string): Promise<GitCredentials | undefined>;
}

export class AnonymousAccess extends RepositoryCredentials {
  find(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}
