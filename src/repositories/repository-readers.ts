import { Injectable } from '@nestjs/common';
import { Transactions } from '../database/transactions.js';
import { canonicalJson } from '../kernel/json.js';
import type { RepositoryWatch, Watches } from './domain/repository-watch.js';

/** A work item that reads a repository, and is to be done again when it moves. */
export interface RepositoryReader {
  queue: string;
  key: string;
}

export interface RepositoryReads {
  reader: RepositoryReader;
  /** By URL. */
  watches: ReadonlyMap<string, Watches>;
}

/** What some readers depend on in a repository; those with equal words are told as one. */
export interface WatchedRepository {
  url: string;
  watches: Watches;
}

interface Row extends RepositoryReader {
  url: string;
  watches: readonly RepositoryWatch[] | null;
}

/**
 * What is noted beside repositories: a question to a provider, as `pullRequests:github acme web`, and a chart with its
 * range (chart-read.ts).
 */
const NO_QUESTION = `url !~ '^(pullRequests|repositories|chart):'`;

/** The dependency index between repositories and the work that reads them. URLs are kept as written. */
@Injectable()
export class RepositoryReaders {
  constructor(private readonly transactions: Transactions) {}

  /** Replaces what a reader reads; writes nothing when that is known already. */
  async record(reader: RepositoryReader, watches: ReadonlyMap<string, Watches>): Promise<void> {
    await this.recordAll([{ reader, watches }]);
  }

  /** The same of many readers, each of which is named once. */
  async recordAll(reads: readonly RepositoryReads[]): Promise<void> {
    const changed = await this.changed(reads);
    if (changed.length === 0) return;
    const rows = changed.flatMap(({ reader, watches }) =>
      [...watches].map(([url, watched]) => ({ ...reader, url, watches: stored(watched) })),
    );
    await this.transactions.query(
      `with wanted as (select * from jsonb_to_recordset($3::jsonb) as w(queue text, key text, url text, watches jsonb)),
       dropped as (
         delete from repository_readers r using unnest($1::text[], $2::text[]) as c(queue, key)
         where r.queue = c.queue and r.key = c.key
           and not exists (select from wanted w where w.queue = r.queue and w.key = r.key and w.url = r.url)
       )
       insert into repository_readers (queue, key, url, watches)
       select queue, key, url, nullif(watches, 'null'::jsonb) from wanted order by queue, key, url
       on conflict (queue, key, url) do update set watches = excluded.watches`,
      [changed.map(({ reader }) => reader.queue), changed.map(({ reader }) => reader.key), JSON.stringify(rows)],
    );
  }

  /** The repositories of one reader, as they were last recorded. */
  async urlsOf({ queue, key }: RepositoryReader): Promise<string[]> {
    const rows = await this.transactions.query<{ url: string }>(
      `select url from repository_readers where queue = $1 and key = $2 and ${NO_QUESTION} order by url`,
      [queue, key],
    );
    return rows.map((row) => row.url);
  }

  async urls(): Promise<string[]> {
    const rows = await this.transactions.query<{ url: string }>(
      `select distinct url from repository_readers where ${NO_QUESTION} order by url`,
    );
    return rows.map((row) => row.url);
  }

  /** The questions to providers of one kind, each without its kind. */
  async questions(kind: 'pullRequests' | 'repositories'): Promise<string[]> {
    const rows = await this.transactions.query<{ url: string }>(
      `select distinct url from repository_readers where starts_with(url, $1) order by url`,
      [`${kind}:`],
    );
    return rows.map((row) => row.url.slice(kind.length + 1));
  }

  /** The charts that anybody reads, as they are noted (chart-read.ts). */
  async charts(): Promise<string[]> {
    const rows = await this.transactions.query<{ url: string }>(
      `select distinct url from repository_readers where starts_with(url, 'chart:') order by url`,
    );
    return rows.map(({ url }) => url);
  }

  async chartsOf({ queue, key }: RepositoryReader): Promise<string[]> {
    const rows = await this.transactions.query<{ url: string }>(
      `select url from repository_readers where queue = $1 and key = $2 and starts_with(url, 'chart:') order by url`,
      [queue, key],
    );
    return rows.map(({ url }) => url);
  }

  /** As many rows as there are different words, however many readers share them. */
  async watched(urls: readonly string[]): Promise<WatchedRepository[]> {
    const rows = await this.transactions.query<Pick<Row, 'url' | 'watches'>>(
      `select distinct url, watches from repository_readers where url = any($1::text[])`,
      [urls],
    );
    return rows.map(({ url, watches }) => ({ url, watches: watches ?? 'everything' }));
  }

  async readersOf(watched: readonly WatchedRepository[]): Promise<RepositoryReader[]> {
    const rows = watched.map(({ url, watches }) => ({ url, watches: stored(watches) }));
    return this.transactions.query<RepositoryReader>(
      `select distinct r.queue, r.key
       from jsonb_to_recordset($1::jsonb) as w(url text, watches jsonb)
       join repository_readers r on r.url = w.url and r.watches is not distinct from nullif(w.watches, 'null'::jsonb)`,
      [JSON.stringify(rows)],
    );
  }

  private async changed(reads: readonly RepositoryReads[]): Promise<RepositoryReads[]> {
    if (reads.length === 0) return [];
    const rows = await this.transactions.query<Row>(
      `select r.queue, r.key, r.url, r.watches from unnest($1::text[], $2::text[]) as c(queue, key)
       join repository_readers r on r.queue = c.queue and r.key = c.key`,
      [reads.map(({ reader }) => reader.queue), reads.map(({ reader }) => reader.key)],
    );
    const known = new Map<string, Map<string, string>>();
    for (const row of rows) {
      const urls = known.get(keyOf(row)) ?? new Map<string, string>();
      known.set(keyOf(row), urls.set(row.url, canonicalJson(row.watches)));
    }
    return reads.filter(({ reader, watches }) => {
      const before = known.get(keyOf(reader)) ?? new Map<string, string>();
      if (before.size !== watches.size) return true;
      return [...watches].some(([url, watched]) => before.get(url) !== canonicalJson(stored(watched)));
    });
  }
}

function stored(watches: Watches): readonly RepositoryWatch[] | null {
  return watches === 'everything' ? null : watches;
}

function keyOf({ queue, key }: RepositoryReader): string {
  return `${queue} ${key}`;
}
