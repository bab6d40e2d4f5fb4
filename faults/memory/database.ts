import type { Interleaving } from '../simulation/interleaving.js';
import type { MemoryTransaction } from './memory-transaction.js';

/** A commit that is under way has no position yet; the rows that it wrote share this object. */
export interface CommitStamp {
  position: number;
}

/**
 * Where a commit is cut: the connection breaks before anybody sees it, or after it is there and before its answer. A
 * commit that is `lost` is answered and not there, which no database does: for the bug that is planted.
 */
export type CommitFault = 'before' | 'after' | 'lost';

export interface DatabaseFaults {
  /** Asked once for each commit. */
  atCommit(): CommitFault | undefined;
}

/** Rows by table and key, and the rules of the hub's transactions: row locks, one order of commits, all or nothing. */
export class MemoryDatabase {
  position = 0;
  private readonly tables = new Map<string, Map<string, unknown>>();
  private readonly locks = new Map<string, MemoryTransaction>();

  constructor(
    readonly interleaving: Interleaving,
    readonly faults: DatabaseFaults,
  ) {}

  table<T>(name: string): Map<string, T> {
    const known = this.tables.get(name) ?? new Map<string, unknown>();
    this.tables.set(name, known);
    return known as Map<string, T>;
  }

  /** False where another living transaction holds it. */
  takeLock(lock: string, by: MemoryTransaction): boolean {
    const holder = this.locks.get(lock);
    if (holder && holder !== by && !holder.life.isOver) return false;
    this.locks.set(lock, by);
    return true;
  }

  isLocked(lock: string): boolean {
    return this.locks.get(lock)?.life.isOver === false;
  }

  holderOf(lock: string): MemoryTransaction | undefined {
    return this.locks.get(lock);
  }

  releaseLocks(of: MemoryTransaction): void {
    for (const [lock, holder] of this.locks) if (holder === of) this.locks.delete(lock);
  }
}
