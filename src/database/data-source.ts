import { DataSource } from 'typeorm';
import { MIGRATION_LOCK } from './commit-order.js';
import { MIGRATIONS } from './migrations.js';
import { refuseNewerSchema } from './refuse-newer-schema.js';
import { SurvivingClient } from './surviving-client.js';
import { SCHEMA_LOCK_TIMEOUT_MS, whenFree } from './when-free.js';

export interface DatabaseOptions {
  url: string;
  poolSize: number;
  /** How long a statement waits for a lock; without end where absent. */
  lockTimeoutMs?: number;
}

/** The one TypeORM data source of the hub. The schema is made by migrations only. */
export function createDataSource({ url, poolSize, lockTimeoutMs }: DatabaseOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    poolSize,
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each',
    synchronize: false,
    installExtensions: false,
    applicationName: 'fleetwright',
    extra: {
      Client: SurvivingClient,
      connectionTimeoutMillis: 10_000,
      ...(lockTimeoutMs === undefined ? {} : { lock_timeout: lockTimeoutMs }),
    },
  });
}

/** Runs pending migrations under an advisory lock: TypeORM takes none, and replicas start together. */
export async function migrate(url: string): Promise<void> {
  const guard = new SurvivingClient({ connectionString: url });
  const dataSource = createDataSource({ url, poolSize: 2, lockTimeoutMs: SCHEMA_LOCK_TIMEOUT_MS });
  await guard.connect();
  try {
    await dataSource.initialize();
    await guard.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await refuseNewerSchema(dataSource);
    await whenFree(() => dataSource.runMigrations());
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await guard.end();
  }
}
