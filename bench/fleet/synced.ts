import type { BenchDatabase } from './bench-database.js';
import { until } from './until.js';

const LONGEST_MS = 15 * 60_000;

/** Resolves when as many Applications are reported Synced. */
export async function allSynced(database: BenchDatabase, applications: number): Promise<void> {
  const count = `select count(*)::int as count from object_statuses where sync = 'Synced'`;
  const isReached = async () => (await database.query<{ count: number }>(count))[0]?.count === applications;
  await until(isReached, { longestMs: LONGEST_MS, pauseMs: 100 });
}
