import type { GitAccess } from './domain/git-credentials.js';

/** Finds what opens a repository; implemented over the repository Secrets (argocd-behaviour.md 7.3). */
export abstract class RepositoryCredentials {
  /** Undefined for anonymous access by the system's own trust. */
  abstract find(url: string): Promise<GitAccess | undefined>;
}

export class AnonymousAccess extends RepositoryCredentials {
  find(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}
