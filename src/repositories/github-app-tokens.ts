import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { PUBLIC_APIS } from '../expansion/fetchers/provider-door.js';
import { installationToken } from '../expansion/fetchers/providers/github-app.js';
import { RemoteApi } from '../expansion/fetchers/remote-api.js';
import { RemoteHttp } from '../expansion/fetchers/remote-http.js';
import { Clock } from '../kernel/clock.js';
import { digestJson } from '../kernel/digest.js';
import type { GithubAppCredentials } from './domain/git-credentials.js';
import { BoundedCache } from './git/bounded-cache.js';
import { SingleFlight } from './git/single-flight.js';
import { RepositoryTrust } from './repository-trust.js';

interface KeptToken {
  token: string;
  /** When it is not given out any more. */
  until: number;
}

const MOST_KEPT = 1_000;
/** GitHub's tokens are good for an hour; a fetch that begins with one must be able to end with it. */
const LIFE_MS = 3_600_000;
const MARGIN_MS = 300_000;

/** Tokens of GitHub Apps for repositories, each asked for once until it is about to run out. In memory only. */
@Injectable()
export class GithubAppTokens implements OnApplicationShutdown {
  private readonly http: RemoteHttp;
  private readonly kept = new BoundedCache<KeptToken>(MOST_KEPT, () => 1);
  private readonly asking = new SingleFlight<string>();

  constructor(
    private readonly clock: Clock,
    private readonly trust: RepositoryTrust,
  ) {
    this.http = new RemoteHttp({ clock });
  }

  /** `owner`: of the repository, who installed the App where the Secret names no installation. Throws RemoteFailure. */
  async token(app: GithubAppCredentials, where: { owner: string; insecure: boolean }): Promise<string> {
    const key = digestJson([{ ...app }, app.installation === '' ? where.owner : '', where.insecure]);
    const kept = this.kept.get(key);
    if (kept !== undefined && this.clock.now().getTime() < kept.until) return kept.token;
    return this.asking.run(key, async () => {
      const given = await this.ask(app, where);
      this.kept.set(key, given);
      return given.token;
    });
  }

  /** Called by Nest when the hub stops. */
  onApplicationShutdown(): Promise<void> {
    return this.http.close();
  }

  /** A platform admin named the server, so it may stand at a private address. */
  private async ask(app: GithubAppCredentials, where: { owner: string; insecure: boolean }): Promise<KeptToken> {
    const base = app.enterpriseBaseUrl || (PUBLIC_APIS['github'] ?? '');
    const ca = (await this.trust.authorities(new URL(base).hostname)) ?? '';
    const trust = { allowPrivate: true, insecure: where.insecure, ca };
    const plain = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };
    const open = (headers: Record<string, string>) =>
      Promise.resolve(new RemoteApi({ http: this.http, base, headers: { ...plain, ...headers }, trust }));
    const now = this.clock.now();
    const { token, expiresAt } = await installationToken(app, { owner: where.owner, now, open });
    return { token, until: (expiresAt?.getTime() ?? now.getTime() + LIFE_MS) - MARGIN_MS };
  }
}
