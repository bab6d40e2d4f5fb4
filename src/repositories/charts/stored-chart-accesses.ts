import { Injectable } from '@nestjs/common';
import type { ChartCredentials } from '../domain/chart-credentials.js';
import { matchCredentials } from '../domain/match-credentials.js';
import { RepositoryCredentialRows } from '../repository-credential-rows.js';
import { RepositoryTrust } from '../repository-trust.js';
import { StoredCredentials, type KnownRow } from '../stored-credentials.js';
import { authorizationOf, ChartAccesses, type ChartAccess } from './chart-access.js';
import type { ChartRepository } from './domain/chart-repository.js';

/**
 * The repository Secrets that people applied, as charts are let in by them: the repository's own, else the repo-creds
 * with the longest matching start, of whatever type (argocd-behaviour.md 7.3).
 */
@Injectable()
export class StoredChartAccesses extends ChartAccesses {
  constructor(
    private readonly stored: StoredCredentials,
    private readonly rows: RepositoryCredentialRows,
    private readonly trust: RepositoryTrust,
  ) {
    super();
  }

  async find({ url }: ChartRepository): Promise<ChartAccess> {
    const authorities = await this.trust.authorities(new URL(url).hostname);
    const access = await this.declared(url);
    return authorities === undefined ? access : { ...access, authorities };
  }

  private async declared(url: string): Promise<ChartAccess> {
    const [own, shared] = [await this.matching('repository', url), await this.matching('repo-creds', url)];
    if (own === undefined && shared === undefined) return { isDeclared: false };
    const mine = own === undefined ? {} : this.rows.openForCharts(own.row);
    if (shared === undefined || opens(mine)) return { ...mine, isDeclared: true };
    return { ...this.rows.openForCharts(shared.row), ...mine, isDeclared: true };
  }

  /** Those without credentials too: they say how the server is spoken to. */
  private async matching(kind: KnownRow['kind'], url: string): Promise<KnownRow | undefined> {
    const known = (await this.stored.all()).filter((each) => each.kind === kind);
    return matchCredentials(
      known.map((each) => ({ ...each, opens: true })),
      url,
    );
  }
}

function opens(credentials: ChartCredentials): boolean {
  return authorizationOf(credentials) !== undefined || credentials.certificate !== undefined;
}
