import { Injectable } from '@nestjs/common';
import { ageMs } from '../kernel/age.js';
import { Clock } from '../kernel/clock.js';
import type { GitCredentials } from './domain/git-credentials.js';
import { credentialsUrl, matchCredentials, type KnownCredentials } from './domain/match-credentials.js';
import { RepositoryCredentialRows, type RepositoryCredentialRow } from './repository-credential-rows.js';
import { RepositoryCredentials } from './repository-credentials.js';

/** How long this replica goes on with what it knew after another one took a new Secret. */
const FRESH_MS = 5_000;

export type KnownRow = KnownCredentials & { row: RepositoryCredentialRow };

/** The repository Secrets that people applied. What is kept in memory is sealed. */
@Injectable()
export class StoredCredentials extends RepositoryCredentials {
  private known: { at: number; list: Promise<KnownRow[]> } | undefined;

  constructor(
    private readonly rows: RepositoryCredentialRows,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** Throws where credentials exist and do not open; that is not anonymous access. */
  async find(url: string): Promise<GitCredentials | undefined> {
    const found = matchCredentials((await this.all()).filter(isOfGit), url);
    return found && this.rows.open(found.row);
  }

  /** After a write. */
  forget(): void {
    this.known = undefined;
  }

  /** Every Secret, as this replica knows them. */
  async all(): Promise<KnownRow[]> {
    const now = this.clock.now().getTime();
    if (this.known === undefined || ageMs(this.known.at, now) > FRESH_MS) this.known = { at: now, list: this.read() };
    const reading = this.known;
    try {
      return await reading.list;
    } catch (error) {
      if (this.known === reading) this.known = undefined;
      throw error;
    }
  }

  private async read(): Promise<KnownRow[]> {
    const rows = await this.rows.all();
    return rows.flatMap((row): KnownRow[] => {
      const url = credentialsUrl(row.url);
      return url === undefined ? [] : [{ kind: row.kind, url, opens: row.sealed !== null, row }];
    });
  }
}

function isOfGit({ row }: KnownRow): boolean {
  return row.type === 'git';
}
