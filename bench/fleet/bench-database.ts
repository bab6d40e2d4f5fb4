import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { readHubConfig } from '../../src/config/hub-config.js';
import { startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { createDemoDatabase } from '../../src/demo/demo-database.js';

/** Statistics of a backend reach the others when it has been idle for ten seconds. */
const STATISTICS_MS = 11_000;

/** What a work changed on disk. */
export interface Writes {
  /** Rows inserted, updated and deleted, in every table. */
  rows: number;
  /** Bytes of write-ahead log. */
  walBytes: number;
  /** Commits that changed hub objects or deliveries. */
  commits: number;
}

/** A database of the work's own: on the server of DATABASE_URL, else on an embedded one as the hub starts it. */
export class BenchDatabase {
  private constructor(
    readonly url: string,
    /** Folder for whoever uses the database; gone with it. */
    readonly folder: string,
    /** Of the embedded server; undefined on a server that is not ours to look into. */
    readonly serverPid: number | undefined,
    private readonly client: pg.Client,
    private readonly close: () => Promise<void>,
  ) {}

  static async open(): Promise<BenchDatabase> {
    const folder = await mkdtemp(join(tmpdir(), 'fleetwright-bench-'));
    const given = readHubConfig().database.url;
    const embedded = given === undefined ? await startEmbeddedPostgres({ dataDir: join(folder, 'server') }) : undefined;
    const database = await createDemoDatabase(embedded?.url ?? given ?? '', `bench_${process.pid}`);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    return new BenchDatabase(database.url, folder, embedded?.pid, client, async () => {
      await client.end();
      await database.drop();
      await embedded?.stop();
      await rm(folder, { recursive: true, force: true });
    });
  }

  async query<Row extends object>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.client.query<Row>(sql, parameters)).rows;
  }

  /** Process id of the bench's own backend, which is none of the product's cost. */
  async ownBackend(): Promise<number> {
    const [row] = await this.query<{ pid: number }>(`select pg_backend_pid() as pid`);
    return row?.pid ?? 0;
  }

  /** Everything written so far, counted by Postgres. Takes a while: see STATISTICS_MS. */
  async writes(): Promise<Writes> {
    await new Promise((resolve) => setTimeout(resolve, STATISTICS_MS));
    const [row] = await this.query<Record<keyof Writes, string>>(
      `select (select sum(n_tup_ins + n_tup_upd + n_tup_del) from pg_stat_user_tables) as rows,
         pg_current_wal_insert_lsn() - '0/0' as "walBytes", (select count(*) from commits) as commits`,
    );
    return { rows: Number(row?.rows), walBytes: Number(row?.walBytes), commits: Number(row?.commits) };
  }

  async stop(): Promise<void> {
    await this.close();
  }
}
