import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../../src/database/data-source.js';
import { OwnPostgres } from '../../test/support/own-postgres.js';
import { inDatabase, runAdmin } from '../../test/support/postgres-urls.js';
import { passTime } from '../../test/support/work-time.js';

const TEMPLATE = 'empty_hub';

/** A Postgres that is killed at will, with a migrated database for each history. */
export class HubDatabase {
  private name = '';
  private client: pg.Client | undefined;

  private constructor(private readonly postgres: OwnPostgres) {}

  static async start(): Promise<HubDatabase> {
    const postgres = await OwnPostgres.start();
    await runAdmin(postgres.url, `create database ${TEMPLATE}`);
    await migrate(inDatabase(postgres.url, TEMPLATE));
    return new HubDatabase(postgres);
  }

  get url(): string {
    return inDatabase(this.postgres.url, this.name);
  }

  /** Nothing in it. */
  async renew(): Promise<void> {
    await this.drop();
    this.name = `history_${randomUUID().replaceAll('-', '')}`;
    await runAdmin(this.postgres.url, `create database ${this.name} template ${TEMPLATE}`);
  }

  async crash(): Promise<void> {
    await this.disconnect();
    this.postgres.kill();
    await this.postgres.restart();
  }

  /** Whoever is connected loses the connection, in the middle of whatever it was at. */
  async cutConnections(): Promise<void> {
    await this.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
  }

  /** For the work queue so many seconds pass; a negative number sets its clock back. */
  passTime(seconds: number, options?: { leases: boolean }): Promise<void> {
    return passTime({ query: (sql, values) => this.query(sql, values) }, seconds * 1_000, options);
  }

  /** Those of a hub that was killed run out. */
  async endLeases(): Promise<void> {
    await this.query(`update work_items set leased_until = '-infinity' where lease is not null`);
  }

  /** What the hub itself has still to do; empty when it rests. */
  async hubWork(): Promise<string[]> {
    const [behind] = await this.query<{ behind: boolean }>(
      `select coalesce(max(position), 0) > coalesce((select min(position) from feed_cursors), -1) as behind from commits`,
    );
    const due = await this.query<{ item: string }>(
      `select queue || ' ' || key as item from work_items
       where due_at <= now() or lease is not null or attempts > 0`,
    );
    return [...(behind?.behind ? ['commits that nobody followed'] : []), ...due.map(({ item }) => item)];
  }

  /** Deliveries as agents must have answered them; endings and operations until they are over. */
  deliveries(): Promise<DeliveryRow[]> {
    return this.query<DeliveryRow>(
      `select o.name as cluster, d.application_uid as uid, d.application, d.intent, d.operation is not null as operates,
         c.position::int as position
       from deliveries d join objects o on o.uid = d.cluster_uid join commits c on c.id = d.commit_id`,
    );
  }

  async stop(): Promise<void> {
    await this.drop();
    await this.postgres.remove();
  }

  private async drop(): Promise<void> {
    await this.disconnect();
    if (this.name !== '') await runAdmin(this.postgres.url, `drop database if exists ${this.name} with (force)`);
    this.name = '';
  }

  private async query<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    this.client ??= await connected(this.url);
    return (await this.client.query<Row>(sql, [...values])).rows;
  }

  private async disconnect(): Promise<void> {
    await this.client?.end().catch(() => undefined);
    this.client = undefined;
  }
}

export interface DeliveryRow {
  cluster: string;
  uid: string;
  application: string;
  intent: string;
  operates: boolean;
  position: number;
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
