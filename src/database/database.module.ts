import { Global, Module, type DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock, SystemClock } from '../kernel/clock.js';
import { Ids, RandomIds } from '../kernel/ids.js';
import { CommitListener } from './commit-listener.js';
import { HubIdentityStore } from './hub-identity.js';
import { ObjectQueries } from './objects/object-queries.js';
import { ObjectStore } from './objects/object-store.js';
import { StatusStore } from './objects/status-store.js';
import { Transactions } from './transactions.js';

/** What the entry point opened before Nest started: a migrated data source and the commit notifications. */
export interface OpenDatabase {
  dataSource: DataSource;
  commits: CommitListener;
}

const PROVIDERS = [Transactions, ObjectStore, ObjectQueries, StatusStore, HubIdentityStore];

@Global()
@Module({})
export class DatabaseModule {
  static of(database: OpenDatabase): DynamicModule {
    const values = [
      { provide: DataSource, useValue: database.dataSource },
      { provide: CommitListener, useValue: database.commits },
      { provide: Clock, useClass: SystemClock },
      { provide: Ids, useClass: RandomIds },
    ];
    return {
      module: DatabaseModule,
      providers: [...values, ...PROVIDERS],
      exports: [DataSource, CommitListener, Clock, Ids, ...PROVIDERS],
    };
  }
}
