import { DataSource } from 'typeorm';
import pg from 'pg';
import { MIGRATION_LOCK } from './commit-order.js';
import { MIGRATIONS } from './migrations.js';

export interface DatabaseOptions {
  url: string;
  poolSize: number;
}

/** The one TypeORM data source of the hub. The schema is made by migrations only. */
export function createDataSource({ url, poolSize }: DatabaseOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    poolSize,
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each',
    synchronize: false,
    installExtensions: false,
    applicationName: 'fleetwright',
    extra: { connectionTimeoutMillis: 10_000 },
  });
}

/** Runs pending migrations under an advisory lock: TypeORM takes none, and replicas start together. */
export async function migrate(dataSource: DataSource, url: string): Promise<void> {
  const guard = new pg.Client({ connectionString: url });
  await guard.connect();
  try {
    await guard.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.runMigrations();
  } finally {
    await guard.end();
  }
}
