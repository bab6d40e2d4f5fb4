import type { DataSource } from 'typeorm';
import { FleetError } from '../kernel/errors.js';

const OLDEST_SERVER = 15;

/**
 * Throws when this program must not touch the database: its schema was made by a newer one (a replica of the older
 * version that still runs is another matter, as migrations only expand), or its server is older than our SQL.
 */
export async function refuseNewerSchema(dataSource: DataSource): Promise<void> {
  const [server] = await dataSource.query<{ major: number }[]>(
    `select current_setting('server_version_num')::int / 10000 as major`,
  );
  if (server !== undefined && server.major < OLDEST_SERVER) throw oldServer(server.major);
  const [known] = await dataSource.query<{ found: string | null }[]>(`select to_regclass('migrations') as found`);
  if (!known?.found) return;
  const newest = Math.max(0, ...dataSource.migrations.map((each) => timestampOf(each.constructor.name)));
  const [newer] = await dataSource.query<{ name: string }[]>(
    'select name from migrations where timestamp > $1 order by timestamp desc limit 1',
    [newest],
  );
  if (newer !== undefined) throw newerSchema(newer.name);
}

/** TypeORM keeps a migration's time as the last 13 digits of its class's name. */
function timestampOf(name: string): number {
  return Number(/\d{13}$/.exec(name)?.[0] ?? 0);
}

function newerSchema(migration: string): FleetError {
  const message = `the database was brought up to date by a newer Fleetwright (${migration} is unknown here)`;
  return new FleetError('precondition', 'DATABASE_NEWER', message, {
    hint: 'Start that version or a later one, or restore a backup that was made before the upgrade; nothing was changed.',
  });
}

function oldServer(major: number): FleetError {
  return new FleetError('precondition', 'DATABASE_TOO_OLD', `the server is Postgres ${major}`, {
    hint: `Point DATABASE_URL at Postgres ${OLDEST_SERVER} or later.`,
  });
}
