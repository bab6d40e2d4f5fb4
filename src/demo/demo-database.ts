import { SurvivingClient } from '../database/surviving-client.js';
import { messageOf } from '../kernel/errors.js';

export interface DemoDatabase {
  url: string;
  drop(): Promise<void>;
}

/** A database of the run's own on the given server: what else is on it is none of the demo's business. */
export async function createDemoDatabase(serverUrl: string, suffix: string): Promise<DemoDatabase> {
  const name = `fleetwright_demo_${suffix}`;
  await query(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => query(serverUrl, `drop database if exists ${name} with (force)`) };
}

/** Why the server cannot be used; undefined when it can. */
export async function databaseFault(serverUrl: string): Promise<string | undefined> {
  try {
    await query(serverUrl, 'select 1');
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

async function query(url: string, sql: string): Promise<void> {
  const client = new SurvivingClient({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
