import { Transactions, type Committed, type Transaction } from '../../src/database/transactions.js';
import type { Life } from '../simulation/interleaving.js';
import type { CommitFault, MemoryDatabase } from './database.js';
import { MemoryTransaction } from './memory-transaction.js';

/** Told apart from what the product throws: the connection broke, and whoever asked may or may not have been heard. */
export class ConnectionLost extends Error {
  constructor(readonly when: CommitFault) {
    super(`the connection to the database was lost ${when} the commit`);
  }
}

/** The database as one process sees it; its transactions end with its life. */
export class MemoryTransactions extends Transactions {
  constructor(
    readonly database: MemoryDatabase,
    readonly life: Life,
  ) {
    super(undefined as never);
  }

  override query(sql: string): never {
    throw new Error(`SQL reached the database in memory: ${sql}`);
  }

  turn(): Promise<void> {
    return this.database.interleaving.turn(this.life);
  }

  read<T>(table: string, key: string): T | undefined {
    return this.database.table<T>(table).get(key);
  }

  all<T>(table: string): T[] {
    return [...this.database.table<T>(table).values()];
  }

  override async run<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return (await this.commit(work)).value;
  }

  override async commit<T>(work: (tx: Transaction) => Promise<T>): Promise<Committed<T>> {
    for (;;) {
      try {
        return await this.attempt(work);
      } catch (error) {
        if ((error as { code?: unknown }).code !== '40P01') throw error;
      }
    }
  }

  private async attempt<T>(work: (tx: Transaction) => Promise<T>): Promise<Committed<T>> {
    const tx = new MemoryTransaction(this.database, this.life);
    try {
      const value = await work(tx);
      const position = await tx.takePosition();
      await this.turn();
      const fault = this.database.faults.atCommit();
      if (fault === 'before') throw new ConnectionLost(fault);
      if (fault !== 'lost') tx.publish(position);
      if (fault === 'after') throw new ConnectionLost(fault);
      return { value, position };
    } finally {
      this.database.releaseLocks(tx);
    }
  }
}

export type MemoryReader = MemoryTransactions | MemoryTransaction;
