import { Injectable } from '@nestjs/common';
import type { ChartCredentials } from '../domain/chart-credentials.js';
import { matchCredentials } from '../domain/match-credentials.js';
import { RepositoryCredentialRows } from '../repository-credential-rows.js';
import { StoredCredentials } from '../stored-credentials.js';
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
  ) {
    super();
  }

  async find({ url }: ChartRepository): Promise<ChartAccess> {
    const known = (await this.stored.all()).map((each) => ({ ...each, opens: true }));
    const own = matchCredentials(
      known.filter(({ kind }) => kind === 'repository'),
      url,
    );
    const shared = matchCredentials(
      known.filter(({ kind }) => kind === 'repo-creds'),
      url,
    );
    if (own === undefined && shared === undefined) return { isDeclared: false };
    const mine = own === undefined ? {} : this.rows.openForCharts(own.row);
    if (shared === undefined || opens(mine)) return { ...mine, isDeclared: true };
    return { ...this.rows.openForCharts(shared.row), ...mine, isDeclared: true };
  }
}

function opens(credentials: ChartCredentials): boolean {
  return authorizationOf(credentials) !== undefined || credentials.certificate !== undefined;
}
