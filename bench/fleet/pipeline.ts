import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApplicationSetReconciler } from '../../src/applicationsets/application-set.reconciler.js';
import { createHttpApplication } from '../../src/api/http/http-application.js';
import { readHubConfig } from '../../src/config/hub-config.js';
import { programStamp } from '../../src/config/program-stamp.js';
import { CommitListener } from '../../src/database/commit-listener.js';
import { createDataSource, migrate } from '../../src/database/data-source.js';
import type { ObjectWrite } from '../../src/database/objects/hub-object.js';
import { ObjectStore } from '../../src/database/objects/object-store.js';
import { Transactions } from '../../src/database/transactions.js';
import { DemoLogs } from '../../src/demo/demo-logs.js';
import { HubModule } from '../../src/hub.module.js';
import type { BenchDatabase } from './bench-database.js';

/** The hub's parts in this process without its engine, so that nothing runs but what is timed. */
export class Pipeline {
  private constructor(
    private readonly app: NestFastifyApplication,
    private readonly close: () => Promise<void>,
  ) {}

  /** `program` names the build that it is. */
  static async start({ url, folder }: BenchDatabase, program = programStamp()): Promise<Pipeline> {
    const config = readHubConfig({ FLEETWRIGHT_DATA_DIR: folder, FLEETWRIGHT_ROLES: 'api', DATABASE_URL: url });
    const { hub: log } = new DemoLogs(`${folder}/pipeline.log`, 'info');
    const dataSource = createDataSource({ url, poolSize: config.database.poolSize });
    await dataSource.initialize();
    await migrate(url);
    const commits = new CommitListener(url, log);
    await commits.start();
    const module = HubModule.of({ config, database: { dataSource, commits }, program, log });
    const app = await createHttpApplication(module, {
      bodyLimitBytes: config.http.bodyLimitBytes,
      describeApi: false,
      log,
    });
    return new Pipeline(app, async () => {
      await app.close();
      await commits.stop();
      await dataSource.destroy();
    });
  }

  /** Objects straight into the store, as many as there are; answers their uids. */
  insert(writes: readonly ObjectWrite[]): Promise<string[]> {
    const store = this.app.get(ObjectStore, { strict: false });
    return this.app.get(Transactions, { strict: false }).run((tx) => store.insert(tx, writes));
  }

  /** One pass over a set, as the engine has it run. */
  async reconcileSet(uid: string): Promise<void> {
    const outcome = await this.app.get(ApplicationSetReconciler, { strict: false }).reconcile(uid);
    if (outcome.type !== 'done') throw new Error(`the set is not done: ${JSON.stringify(outcome)}`);
  }

  async stop(): Promise<void> {
    await this.close();
  }
}
