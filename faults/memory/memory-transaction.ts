import { Transaction } from '../../src/database/transactions.js';
import { conflict } from '../../src/kernel/errors.js';
import type { Life } from '../simulation/interleaving.js';
import type { CommitStamp, MemoryDatabase } from './database.js';

const COMMIT_ORDER = 'the order of commits';
const NOTHING = Symbol('nothing');

/** As Postgres' READ COMMITTED has it: a statement sees what is committed, and waits for rows that others write. */
export class MemoryTransaction extends Transaction {
  private readonly written = new Map<string, { table: string; key: string; value: unknown }>();
  private readonly expected = new Map<string, string>();
  private stamp: CommitStamp | undefined;
  private awaited: string | undefined;

  constructor(
    readonly database: MemoryDatabase,
    readonly life: Life,
  ) {
    super(undefined as never);
  }

  override query(sql: string): never {
    throw new Error(`SQL reached the database in memory: ${sql}`);
  }

  /** One statement: a round trip to the database. */
  turn(): Promise<void> {
    return this.database.interleaving.turn(this.life);
  }

  read<T>(table: string, key: string): T | undefined {
    const own = this.written.get(`${table}\0${key}`);
    return own ? (own.value === NOTHING ? undefined : (own.value as T)) : this.database.table<T>(table).get(key);
  }

  all<T>(table: string): T[] {
    const rows = new Map(this.database.table<T>(table));
    for (const entry of this.written.values()) {
      if (entry.table !== table) continue;
      if (entry.value === NOTHING) rows.delete(entry.key);
      else rows.set(entry.key, entry.value as T);
    }
    return [...rows.values()];
  }

  /** Waits for the row, then gives `change` what is there now. Undefined removes it. */
  async write<T>(table: string, key: string, change: (now: T | undefined) => T | undefined): Promise<void> {
    await this.lock(`${table}\0${key}`);
    const value = change(this.read<T>(table, key)) ?? NOTHING;
    this.written.set(`${table}\0${key}`, { table, key, value });
  }

  async lock(name: string): Promise<void> {
    while (!this.database.takeLock(name, this)) {
      this.awaited = name;
      if (this.isDeadlocked()) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
      await this.turn();
    }
    this.awaited = undefined;
  }

  /** What this transaction's ordered rows are stamped with. */
  commitStamp(): CommitStamp {
    this.stamp ??= { position: Number.NaN };
    return this.stamp;
  }

  override expectUnchanged(reads: ReadonlyMap<string, string>): void {
    for (const [uid, version] of reads) this.expected.set(uid, version);
  }

  override async takePosition(): Promise<number | undefined> {
    if (!this.stamp) return undefined;
    await this.lock(COMMIT_ORDER);
    await this.turn();
    for (const [uid, version] of this.expected) {
      const row = this.database.table<{ commit: CommitStamp }>('objects').get(uid);
      if (row === undefined || String(row.commit.position) !== version)
        throw conflict('STALE_PLAN', `object ${uid} changed while the plan was made`);
    }
    return this.database.position + 1;
  }

  /** Everything at once. */
  publish(position: number | undefined): void {
    if (this.stamp && position !== undefined) {
      this.stamp.position = position;
      this.database.position = position;
    }
    for (const { table, key, value } of this.written.values()) {
      if (value === NOTHING) this.database.table(table).delete(key);
      else this.database.table(table).set(key, value);
    }
  }

  private isDeadlocked(): boolean {
    const seen = new Set<MemoryTransaction>();
    let holder = this.awaited === undefined ? undefined : this.database.holderOf(this.awaited);
    while (holder && !holder.life.isOver && !seen.has(holder)) {
      if (holder === this) return true;
      seen.add(holder);
      holder = holder.awaited === undefined ? undefined : this.database.holderOf(holder.awaited);
    }
    return false;
  }
}
