import { Injectable } from '@nestjs/common';
import { Transactions } from '../database/transactions.js';

/** A work item that reads a repository, and is to be done again when it moves. */
export interface RepositoryReader {
  queue: string;
  key: string;
}

/** The dependency index between repositories and the work that reads them. URLs are kept as written. */
@Injectable()
export class RepositoryReaders {
  constructor(private readonly transactions: Transactions) {}

  /** Replaces what a reader reads; writes nothing when that is known already. */
  async record(reader: RepositoryReader, urls: ReadonlySet<string>): Promise<void> {
    const { queue, key } = reader;
    const known = new Set(await this.urlsOf(reader));
    if (known.size === urls.size && [...urls].every((url) => known.has(url))) return;
    await this.transactions.query(
      `with dropped as (
         delete from repository_readers where queue = $1 and key = $2 and url <> all($3::text[])
       )
       insert into repository_readers (queue, key, url) select $1, $2, url from unnest($3::text[]) as url on conflict do nothing`,
      [queue, key, [...urls]],
    );
  }

  /** What one reader reads, as it was last recorded. */
  async urlsOf({ queue, key }: RepositoryReader): Promise<string[]> {
    const rows = await this.transactions.query<{ url: string }>(
      `select url from repository_readers where queue = $1 and key = $2 order by url`,
      [queue, key],
    );
    return rows.map((row) => row.url);
  }

  async urls(): Promise<string[]> {
    const rows = await this.transactions.query<{ url: string }>(
      `select distinct url from repository_readers order by url`,
    );
    return rows.map((row) => row.url);
  }

  readersOf(urls: readonly string[]): Promise<RepositoryReader[]> {
    return this.transactions.query<RepositoryReader>(
      `select distinct queue, key from repository_readers where url = any($1::text[])`,
      [urls],
    );
  }
}
