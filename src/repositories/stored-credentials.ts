import { Injectable } from '@nestjs/common';
import { ageMs } from '../kernel/age.js';
import { Clock } from '../kernel/clock.js';
import { credentialsUrl, type KnownCredentials } from './domain/match-credentials.js';
import { RepositoryCredentialRows, type RepositoryCredentialRow } from './repository-credential-rows.js';

/** How long this replica goes on with what it knew after another one took a new Secret. */
const FRESH_MS = 5_000;

export type KnownRow = KnownCredentials & { row: RepositoryCredentialRow };

/** The repository Secrets that people applied. What is kept in memory is sealed. */
@Injectable()
export class StoredCredentials {
  private known: { at: number; list: Promise<KnownRow[]> } | undefined;

  constructor(
    private readonly rows: RepositoryCredentialRows,
    private readonly clock: Clock,
  ) {}

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
