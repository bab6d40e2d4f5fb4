import { Injectable } from '@nestjs/common';
import { opensGit, type GitAccess, type GitCredentials } from './domain/git-credentials.js';
import { matchCredentials, type KnownCredentials } from './domain/match-credentials.js';
import { locateRepository } from './domain/repository-url.js';
import { GithubAppTokens } from './github-app-tokens.js';
import { RepositoryCredentialRows, type RepositoryCredentialRow } from './repository-credential-rows.js';
import { RepositoryCredentials } from './repository-credentials.js';
import { RepositoryTrust } from './repository-trust.js';
import { StoredCredentials } from './stored-credentials.js';

type Known = KnownCredentials & { row: RepositoryCredentialRow };

/**
 * The repository Secrets that people applied, as git is let in by them: the repository's own, else the repo-creds with
 * the longest matching start (argocd-behaviour.md 7.3); and whom the servers may be vouched for by.
 */
@Injectable()
export class StoredGitAccess extends RepositoryCredentials {
  constructor(
    private readonly stored: StoredCredentials,
    private readonly rows: RepositoryCredentialRows,
    private readonly trust: RepositoryTrust,
    private readonly apps: GithubAppTokens,
  ) {
    super();
  }

  /** Throws where credentials exist and do not open; that is not anonymous access. */
  async find(url: string): Promise<GitAccess | undefined> {
    return this.findWith(url, this.opened(await this.known(), 'repository', url));
  }

  /** The same if the repository's own Secret held these. */
  async findWith(url: string, own: GitCredentials): Promise<GitAccess | undefined> {
    if (opensGit(own)) return this.access(url, own);
    return this.access(url, { ...this.opened(await this.known(), 'repo-creds', url), ...own });
  }

  private async known(): Promise<Known[]> {
    return (await this.stored.all()).filter(({ row }) => row.type === 'git');
  }

  /** Throws where GitHub gives no token. */
  private async access(url: string, credentials: GitCredentials): Promise<GitAccess | undefined> {
    const location = locateRepository(url);
    if (location === undefined) return undefined;
    const { hostname, pathname } = new URL(location.address);
    if (location.scheme === 'ssh') return { ...credentials, knownHosts: await this.trust.knownHosts() };
    const authorities = await this.trust.authorities(hostname);
    const { githubApp, ...plain } = credentials;
    const access = authorities === undefined ? plain : { ...plain, authorities };
    if (githubApp === undefined) return Object.keys(access).length === 0 ? undefined : access;
    const owner = pathname.split('/')[1] ?? '';
    const token = await this.apps.token(githubApp, { owner, insecure: plain.insecure ?? false });
    return { ...access, username: 'x-access-token', password: token };
  }

  private opened(known: readonly Known[], kind: Known['kind'], url: string): GitCredentials {
    const candidates = known.filter((each) => each.kind === kind).map((each) => ({ ...each, opens: true }));
    const found = matchCredentials(candidates, url);
    return (found && this.rows.open(found.row)) ?? {};
  }
}
