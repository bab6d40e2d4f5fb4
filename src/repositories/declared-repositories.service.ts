import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { CONTROL_NAMESPACE } from '../access/access-object.js';
import { Evaluator } from '../access/evaluator.js';
import { FleetError, notFound } from '../kernel/errors.js';
import { ConnectionCheck, type ConnectionVerdict } from './connection-check.js';
import { opensGit } from './domain/git-credentials.js';
import type { RepositorySecretKind } from './domain/repository-secret.js';
import { RepositoryCredentialRows, type RepositoryCredentialRow } from './repository-credential-rows.js';

/** A repository Secret as people may see it. */
export interface DeclaredRepository {
  name: string;
  kind: RepositorySecretKind;
  type: string;
  url: string;
  labels: Record<string, string>;
  /** Whether it holds anything that opens a door, or the repo-creds must. */
  hasCredentials: boolean;
}

/** What platform admins told the hub of repositories, without what opens them. */
@Injectable()
export class DeclaredRepositoriesService {
  constructor(
    private readonly evaluator: Evaluator,
    private readonly rows: RepositoryCredentialRows,
    private readonly connections: ConnectionCheck,
  ) {}

  async list(actor: Actor): Promise<DeclaredRepository[]> {
    const access = await this.evaluator.filter(actor, 'list', 'repositories');
    const rows = await this.rows.visible((columns, parameters) => access.build(columns, parameters));
    return rows.map((row) => this.shown(row));
  }

  /** Throws FORBIDDEN, NOT_FOUND and REPOSITORY_NOT_CHECKED. */
  async check(actor: Actor, name: string): Promise<ConnectionVerdict> {
    const ref = { namespace: CONTROL_NAMESPACE, name };
    await this.evaluator.require(actor, 'get', 'repositories', ref);
    const row = await this.rows.find(ref);
    if (row === undefined) throw notFound('Repository', name);
    if (row.kind === 'repository') {
      return row.type === 'git' ? this.connections.verdict(row.url) : this.connections.verdictOnCharts(row.url);
    }
    throw new FleetError('invalid', 'REPOSITORY_NOT_CHECKED', `"${name}" names no repository that could be asked`, {
      hint: 'Check a Secret of secret-type repository.',
    });
  }

  /** Of the Secret of that name, for a service that has judged what it may tell of it. */
  async urlOf(name: string): Promise<string | undefined> {
    return (await this.rows.find({ namespace: CONTROL_NAMESPACE, name }))?.url;
  }

  private shown(row: RepositoryCredentialRow): DeclaredRepository {
    const { name, kind, type, url, labels } = row;
    return { name, kind, type, url, labels, hasCredentials: this.opens(row) };
  }

  /** What does not open was meant to. */
  private opens(row: RepositoryCredentialRow): boolean {
    try {
      return opensGit(this.rows.open(row) ?? {});
    } catch {
      return true;
    }
  }
}
