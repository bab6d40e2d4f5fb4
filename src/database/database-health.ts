import { Injectable } from '@nestjs/common';
import { unavailable } from '../kernel/errors.js';
import { MIGRATIONS } from './migrations.js';
import { Transactions } from './transactions.js';

/** Whether the database answers and has the schema of this build. */
@Injectable()
export class DatabaseHealth {
  constructor(private readonly transactions: Transactions) {}

  /** Throws DATABASE_UNAVAILABLE, or DATABASE_NOT_MIGRATED where a migration of this build has not run. */
  async requireReady(): Promise<void> {
    const done = await this.migrationsDone();
    const missing = MIGRATIONS.find(({ name }) => !done.has(name));
    if (missing) throw unavailable('DATABASE_NOT_MIGRATED', `the database lacks the migration ${missing.name}`);
  }

  private async migrationsDone(): Promise<ReadonlySet<string>> {
    try {
      const rows = await this.transactions.query<{ name: string }>('select name from migrations');
      return new Set(rows.map(({ name }) => name));
    } catch {
      throw unavailable('DATABASE_UNAVAILABLE', 'the database cannot be reached right now');
    }
  }
}
