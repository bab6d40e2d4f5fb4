import { normaliseRepoUrl } from './normalise-url.js';
import type { RepositorySecretKind } from './repository-secret.js';
import { locateRepository } from './repository-url.js';

/** A URL as credentials are matched: user information does not count. */
export interface CredentialsUrl {
  /** Scheme, host and port. */
  origin: string;
  text: string;
}

export interface KnownCredentials {
  kind: RepositorySecretKind;
  url: CredentialsUrl;
  /** Whether it opens anything, or only names a repository. */
  opens: boolean;
}

export function credentialsUrl(url: string): CredentialsUrl | undefined {
  const location = locateRepository(url);
  const text = location === undefined ? '' : normaliseRepoUrl(location.address);
  return location === undefined || text === '' ? undefined : { origin: originOf(location.address), text };
}

/**
 * The repository's own credentials, else the repo-creds with the longest matching start, which need not end at a slash
 * (argocd-behaviour.md 7.3). Unlike Argo CD, a start never matches inside the host: `https://git.corp` must not be sent
 * to `https://git.corp.evil.example`. Of equals the first.
 */
export function matchCredentials<T extends KnownCredentials>(known: readonly T[], url: string): T | undefined {
  const wanted = credentialsUrl(url);
  if (wanted === undefined) return undefined;
  const near = known.filter((each) => each.opens && each.url.origin === wanted.origin);
  const exact = near.find((each) => each.kind === 'repository' && each.url.text === wanted.text);
  if (exact !== undefined) return exact;
  const starts = near.filter((each) => each.kind === 'repo-creds' && wanted.text.startsWith(each.url.text));
  return starts.reduce<T | undefined>(
    (best, each) => (best === undefined || each.url.text.length > best.url.text.length ? each : best),
    undefined,
  );
}

/** Of every scheme: a URL's own `origin` says nothing for those that browsers do not know. */
function originOf(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host.toLowerCase()}`;
}
