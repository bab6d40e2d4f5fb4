import { Injectable } from '@nestjs/common';
import type { RowColumns } from '../access/domain/glob-sql.js';
import { Transactions, type Queryable } from '../database/transactions.js';
import { canonicalJson } from '../kernel/json.js';
import { Sealer } from '../kernel/seal.js';
import type { ChartCredentials } from './domain/chart-credentials.js';
import type { GitCredentials } from './domain/git-credentials.js';
import type { RepositorySecretKind } from './domain/repository-secret.js';

/** A repository Secret as it is kept: everything in clear but what it opens with. */
export interface RepositoryCredentialRow {
  namespace: string;
  name: string;
  kind: RepositorySecretKind;
  url: string;
  type: string;
  labels: Record<string, string>;
  sealed: string | null;
}

const COLUMNS = 'namespace, name, kind, url, type, labels, sealed';

@Injectable()
export class RepositoryCredentialRows {
  constructor(
    private readonly transactions: Transactions,
    private readonly sealer: Sealer,
  ) {}

  all(): Promise<RepositoryCredentialRow[]> {
    return this.transactions.query(`select ${COLUMNS} from repository_credentials order by namespace, name`);
  }

  /** Those that a condition lets through, which is given the columns that decide about access. */
  visible(condition: (columns: RowColumns, parameters: unknown[]) => string): Promise<RepositoryCredentialRow[]> {
    const parameters: unknown[] = [];
    const where = condition({ project: `''`, namespace: 'namespace', name: 'name' }, parameters);
    return this.transactions.query(
      `select ${COLUMNS} from repository_credentials where ${where} order by namespace, name`,
      parameters,
    );
  }

  async find({ namespace, name }: { namespace: string; name: string }): Promise<RepositoryCredentialRow | undefined> {
    const [row] = await this.transactions.query<RepositoryCredentialRow>(
      `select ${COLUMNS} from repository_credentials where namespace = $1 and name = $2`,
      [namespace, name],
    );
    return row;
  }

  async put(row: RepositoryCredentialRow, on: Queryable): Promise<void> {
    await on.query(
      `insert into repository_credentials (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (namespace, name) do update
       set kind = excluded.kind, url = excluded.url, type = excluded.type, labels = excluded.labels,
           sealed = excluded.sealed, updated_at = now()`,
      [row.namespace, row.name, row.kind, row.url, row.type, JSON.stringify(row.labels), row.sealed],
    );
  }

  /** Bound to the row and its URL: moved to another, the credentials do not open and are sent nowhere. */
  seal(
    row: Omit<RepositoryCredentialRow, 'sealed'>,
    credentials: GitCredentials | ChartCredentials | undefined,
  ): string | null {
    return credentials === undefined ? null : this.sealer.seal(canonicalJson(credentials), contextOf(row));
  }

  /** Throws SEAL_BROKEN or SEAL_UNKNOWN_KEY, naming the row. */
  open(row: RepositoryCredentialRow): GitCredentials | undefined {
    return this.opened(row) as GitCredentials | undefined;
  }

  /** The same where charts are read; of a Secret for Git too, which may open repositories below it. */
  openForCharts(row: RepositoryCredentialRow): ChartCredentials {
    return (this.opened(row) ?? {}) as ChartCredentials;
  }

  private opened(row: RepositoryCredentialRow): unknown {
    return row.sealed === null ? undefined : JSON.parse(this.sealer.unseal(row.sealed, contextOf(row)));
  }
}

function contextOf({ kind, namespace, name, url }: Omit<RepositoryCredentialRow, 'sealed'>): string {
  return `${kind} Secret ${namespace}/${name} for ${url}`;
}
