import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { inject } from 'vitest';
import { createDataSource } from '../../src/database/data-source.js';
import { ObjectQueries } from '../../src/database/objects/object-queries.js';
import { ObjectStore } from '../../src/database/objects/object-store.js';
import { StatusStore } from '../../src/database/objects/status-store.js';
import { Transactions } from '../../src/database/transactions.js';
import { RandomIds } from '../../src/kernel/ids.js';
import { inDatabase, runAdmin, TEMPLATE_DATABASE } from './postgres-urls.js';

export interface TestDatabase {
  url: string;
  dataSource: DataSource;
  transactions: Transactions;
  store: ObjectStore;
  queries: ObjectQueries;
  statuses: StatusStore;
  close(): Promise<void>;
}

/** A migrated database of the spec's own, copied from the run's template. Close it in afterAll. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const admin = inject('postgresUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await runAdmin(admin, `create database ${name} template ${TEMPLATE_DATABASE} strategy file_copy`);
  const url = inDatabase(admin, name);
  const dataSource = createDataSource({ url, poolSize: 10 });
  await dataSource.initialize();
  const transactions = new Transactions(dataSource);
  return {
    url,
    dataSource,
    transactions,
    store: new ObjectStore(transactions, new RandomIds()),
    queries: new ObjectQueries(transactions),
    statuses: new StatusStore(transactions),
    close: async () => {
      await dataSource.destroy();
      await runAdmin(admin, `drop database if exists ${name} with (force)`);
    },
  };
}
