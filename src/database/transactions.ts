import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { conflict } from '../kernel/errors.js';
import { COMMITS_CHANNEL, COMMIT_ORDER_LOCK } from './commit-order.js';

/** Reads rows; both a plain connection and an open transaction answer it. */
export interface Queryable {
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

/**
 * One open database transaction. Rows that change hub objects or deliveries are stamped with `commitId()`; the
 * transaction then takes the next position as its last statement, so positions appear in commit order.
 */
export class Transaction implements Queryable {
  private id: string | undefined;
  private readonly reads = new Map<string, string>();

  constructor(private readonly runner: QueryRunner) {}

  /** For TypeORM repositories that must take part in this transaction. */
  get manager(): EntityManager {
    return this.runner.manager;
  }

  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const result = await this.runner.query(sql, [...parameters], true);
    return (result.records ?? []) as Row[];
  }

  /** The stamp of every ordered row this transaction writes. */
  async commitId(): Promise<string> {
    if (this.id === undefined) {
      const [row] = await this.query<{ id: string }>(`select nextval('commit_ids')::text as id`);
      this.id = row?.id;
    }
    return this.id as string;
  }

  /**
   * Versions (uid → resourceVersion) of objects that the plan read and this transaction does not write. They are
   * compared under the commit lock, where nothing else can commit; STALE_PLAN tells the caller to plan again.
   */
  expectUnchanged(reads: ReadonlyMap<string, string>): void {
    for (const [uid, version] of reads) this.reads.set(uid, version);
  }

  /** Gives the commit its position, under one lock that is held until the commit is visible. */
  async takePosition(): Promise<number | undefined> {
    if (this.id === undefined) return undefined;
    await this.query('select pg_advisory_xact_lock($1)', [COMMIT_ORDER_LOCK]);
    await this.checkReads();
    const [row] = await this.query<{ position: string }>(
      `with taken as (
         insert into commits (id, position) select $1::bigint, coalesce(max(position), 0) + 1 from commits
         returning position::text as position
       )
       select position, pg_notify('${COMMITS_CHANNEL}', position) from taken`,
      [this.id],
    );
    return Number(row?.position);
  }

  private async checkReads(): Promise<void> {
    if (this.reads.size === 0) return;
    const changed = await this.query<{ uid: string }>(
      `select r.uid from unnest($1::uuid[], $2::bigint[]) as r(uid, position)
       left join objects o on o.uid = r.uid left join commits c on c.id = o.commit_id
       where c.position is distinct from r.position limit 1`,
      [[...this.reads.keys()], [...this.reads.values()]],
    );
    if (changed.length > 0) throw conflict('STALE_PLAN', `object ${changed[0]?.uid} changed while the plan was made`);
  }
}

export interface Committed<T> {
  value: T;
  /** Position of this commit, or undefined when nothing ordered was written. */
  position: number | undefined;
}

const RETRYABLE = new Set(['40001', '40P01']); // serialization failure, deadlock: Postgres undid everything
const ATTEMPTS = 5;

@Injectable()
export class Transactions implements Queryable {
  constructor(private readonly dataSource: DataSource) {}

  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const result = await runner.query(sql, [...parameters], true);
      return (result.records ?? []) as Row[];
    } finally {
      await runner.release();
    }
  }

  /** Runs `work` in one transaction; a deadlock runs it again from the start, so it must not touch anything else. */
  async run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return (await this.commit(work)).value;
  }

  /** As `run`, and tells the position. */
  async commit<T>(work: (tx: Transaction) => Promise<T>): Promise<Committed<T>> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(work);
      } catch (error) {
        if (attempt >= ATTEMPTS || !RETRYABLE.has(sqlState(error) ?? '')) throw error;
      }
    }
  }

  private async once<T>(work: (tx: Transaction) => Promise<T>): Promise<Committed<T>> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      const tx = new Transaction(runner);
      const value = await work(tx);
      const position = await tx.takePosition();
      await runner.commitTransaction();
      return { value, position };
    } catch (error) {
      // A rollback on a broken connection fails too; the first error is the one that tells.
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      await runner.release();
    }
  }
}

/** Postgres' five-letter code of a failed statement. */
export function sqlState(error: unknown): string | undefined {
  const driver = (error as { driverError?: { code?: unknown } } | null)?.driverError ?? error;
  const code = (driver as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
