import { Injectable } from '@nestjs/common';
import { Transactions } from '../database/transactions.js';

/** A work item that reads a repository, and is to be done again when it moves. */
export interface RepositoryReader {
  queue: string;
  key: string;
}

export interface RepositoryReads {
  reader: RepositoryReader;
  urls: ReadonlySet<string>;
}

/** The dependency index between repositories and the work that reads them. URLs are kept as written. */
@Injectable()
export class RepositoryReaders {
  constructor(private readonly transactions: Transactions) {}

  /** Replaces what a reader reads; writes nothing when that is known already. */
  async record(reader: RepositoryReader, urls: ReadonlySet<string>): Promise<void> {
    await this.recordAll([{ reader, urls }]);
  }

  /** The same of many readers, each of which is named once. */
  async recordAll(reads: readonly RepositoryReads[]): Promise<void> {
    const changed = await this.changed(reads);
    if (changed.length === 0) return;
    const rows = changed.flatMap(({ reader, urls }) => [...urls].map((url) => ({ ...reader, url })));
    await this.transactions.query(
      `with wanted as (select * from unnest($3::text[], $4::text[], $5::text[]) as w(queue, key, url)),
       dropped as (
         delete from repository_readers r using unnest($1::text[], $2::text[]) as c(queue, key)
         where r.queue = c.queue and r.key = c.key
           and not exists (select from wanted w where w.queue = r.queue and w.key = r.key and w.url = r.url)
       )
       insert into repository_readers (queue, key, url) select queue, key, url from wanted order by queue, key, url
       on conflict do nothing`,
      [
        changed.map(({ reader }) => reader.queue),
        changed.map(({ reader }) => reader.key),
        rows.map(({ queue }) => queue),
        rows.map(({ key }) => key),
        rows.map(({ url }) => url),
      ],
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

  private async changed(reads: readonly RepositoryReads[]): Promise<RepositoryReads[]> {
    if (reads.length === 0) return [];
    const rows = await this.transactions.query<RepositoryReader & { url: string }>(
      `select r.queue, r.key, r.url from unnest($1::text[], $2::text[]) as c(queue, key)
       join repository_readers r on r.queue = c.queue and r.key = c.key`,
      [reads.map(({ reader }) => reader.queue), reads.map(({ reader }) => reader.key)],
    );
    const known = new Map<string, string[]>();
    for (const row of rows) known.set(keyOf(row), [...(known.get(keyOf(row)) ?? []), row.url]);
    return reads.filter(({ reader, urls }) => {
      const before = known.get(keyOf(reader)) ?? [];
      return before.length !== urls.size || before.some((url) => !urls.has(url));
    });
  }
}

function keyOf({ queue, key }: RepositoryReader): string {
  return `${queue} ${key}`;
}
