import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHubConfig } from '../../src/config/hub-config.js';
import { createHubLog } from '../../src/config/hub-log.js';
import { whenFree } from '../../src/database/when-free.js';
import { startHub } from '../../src/hub-process.js';
import { messageOf } from '../../src/kernel/errors.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

let database: TestDatabase;
let folder: string;
/** A server of another protocol. */
let other: Server;
beforeAll(async () => {
  other = createServer((_, response) => void response.end('hello')).listen(0, '127.0.0.1');
  await once(other, 'listening');
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'fleetwright-database-'));
});
afterAll(async () => {
  other?.close();
  await database?.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = (url: string) =>
  startHub(readHubConfig({ DATABASE_URL: url, FLEETWRIGHT_PORT: '0', FLEETWRIGHT_DATA_DIR: folder }), {
    logger: createHubLog('silent'),
  });

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

const changed = (change: (url: URL) => void): string => {
  const url = new URL(database.url);
  change(url);
  return url.href;
};

async function statements<T extends object>(...sql: string[]): Promise<T[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    let rows: T[] = [];
    for (const each of sql) rows = (await client.query(each)).rows as T[];
    return rows;
  } finally {
    await client.end();
  }
}

describe('a DATABASE_URL', () => {
  it.each([
    ['of no database', (url: URL) => void (url.pathname = '/nowhere'), /^Create that database/],
    ['with a wrong password', (url: URL) => void (url.password = 'hunter2'), /user and password/],
    ['without a password', (url: URL) => void (url.password = ''), /user and password/],
    ['of a port where nobody answers', (url: URL) => void (url.port = '1'), /host and port/],
    ['of a host that has no address', (url: URL) => void (url.hostname = 'nowhere.invalid'), /host and port/],
    ['of something else than Postgres', (url: URL) => void (url.port = String(portOf(other))), /may not be Postgres/],
    ['that asks for TLS where there is none', (url: URL) => url.searchParams.set('sslmode', 'require'), /speak TLS/],
    [
      'that names no file of authorities',
      (url: URL) => void (url.search = '?sslmode=verify-full&sslrootcert=/nowhere'),
      /files that DATABASE_URL names/,
    ],
  ])('%s stops the start, says what to check and tells no password', async (_, change, hint) => {
    const failed = await start(changed(change)).catch((error: unknown) => error);
    const details = { hint: expect.stringMatching(hint) as string };
    expect(failed).toMatchObject({ code: 'DATABASE_UNAVAILABLE', details });
    expect(messageOf(failed)).not.toMatch(/hunter2/);
    expect(messageOf(failed)).not.toContain(new URL(database.url).password);
  });

  it('whose user may make no tables stops the start, and says what the user lacks', async () => {
    await statements(`create role guest login password 'hunter2'`);
    const guest = changed((url) => Object.assign(url, { username: 'guest', password: 'hunter2' }));
    await statements('alter table migrations rename to migrations_before');
    const failed = await start(guest).catch((error: unknown) => error);
    await statements('alter table migrations_before rename to migrations', 'drop role guest');
    expect(failed).toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      details: { hint: expect.stringMatching(/owner/) as string },
    });
  });

  it.each(['mysql://a/b', 'postgres://u:p%zz@h/x', 'postgres://u:p#a@127.0.0.1:1/x'])(
    'that is written as %s is refused as configuration',
    (url) => {
      expect(() => readHubConfig({ DATABASE_URL: url })).toThrow(/DATABASE_URL must be a postgres:\/\/ URL/);
    },
  );

  it('that asks for TLS gets it checked, and no word of the driver about it', () => {
    const { database } = readHubConfig({ DATABASE_URL: 'postgres://u:p@db/x?sslmode=require' });
    expect(database.url).toBe('postgres://u:p@db/x?sslmode=verify-full');
    const kept = 'postgres://u:p@db/x?uselibpqcompat=true&sslmode=require';
    expect(readHubConfig({ DATABASE_URL: kept }).database.url).toBe(kept);
  });
});

describe('a database', () => {
  const NEWER = `insert into migrations (timestamp, name) values (4102444800000, 'Later4102444800000')`;

  it('of a newer version is refused, and left as it is', async () => {
    await statements(NEWER);
    const count = () => statements<{ n: string }>('select count(*) as n from migrations');
    const before = await count();
    await expect(start(database.url)).rejects.toMatchObject({ code: 'DATABASE_NEWER' });
    expect(await count()).toEqual(before);
    await statements(`delete from migrations where name like 'Later%'`);
  });

  it('on a server that is too old is refused, and left as it is', async () => {
    // The server's own words for it, said by a function that hides the real one.
    await statements(
      'create schema old',
      `create function old.current_setting(text) returns text language sql as $$ select '140011' $$`,
    );
    const old = changed((url) => url.searchParams.set('options', '-c search_path=old,pg_catalog,public'));
    const refused = {
      code: 'DATABASE_TOO_OLD',
      details: { hint: expect.stringMatching(/Postgres 15 or later/) as string },
    };
    await expect(start(old)).rejects.toMatchObject(refused);
    await statements('drop schema old cascade');
  });

  it('is used on by a replica of the older version while a newer one has brought it up to date', async () => {
    const older = await start(database.url);
    await whenFree(() => statements('set lock_timeout = 200', 'alter table objects add column later text', NEWER), 50);
    expect((await fetch(`${older.url}/readyz`)).status).toBe(200);
    const headers = { authorization: `Bearer ${older.adminToken}`, 'content-type': 'application/json' };
    const body = JSON.stringify({
      apiVersion: 'fleetwright.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name: 'berlin' },
      spec: {},
    });
    expect((await fetch(`${older.url}/api/v1/apply`, { method: 'POST', headers, body })).status).toBe(200);
    await older.stop();
  });

  it('is changed as soon as those that use it let it, and not held up meanwhile', async () => {
    const user = new pg.Client({ connectionString: database.url });
    await user.connect();
    await user.query('begin; lock table objects in access share mode');
    const attempts: number[] = [];
    await whenFree(async () => {
      attempts.push(attempts.length);
      if (attempts.length === 3) await user.query('commit');
      await statements('set lock_timeout = 50', 'alter table objects add column free text');
    }, 1);
    expect(attempts).toHaveLength(3);
    await user.end();
  });

  it('that is never let go of is told, and left as it is', async () => {
    const user = new pg.Client({ connectionString: database.url });
    await user.connect();
    await user.query('begin; lock table objects in access share mode');
    const change = () => statements('set lock_timeout = 1', 'alter table objects add column never text');
    await expect(whenFree(change, 1)).rejects.toMatchObject({ code: 'SCHEMA_BUSY' });
    await user.end();
  });
});
