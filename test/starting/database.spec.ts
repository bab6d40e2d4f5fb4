import { mkdtempSync, rmSync } from 'node:fs';
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
beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'fleetwright-database-'));
});
afterAll(async () => {
  await database?.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = (url: string) =>
  startHub(readHubConfig({ DATABASE_URL: url, FLEETWRIGHT_PORT: '0', FLEETWRIGHT_DATA_DIR: folder }), {
    logger: createHubLog('silent'),
  });

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
    ['of no database', (url: URL) => void (url.pathname = '/nowhere')],
    ['with a wrong password', (url: URL) => void (url.password = 'hunter2')],
    ['of a port where nobody answers', (url: URL) => void (url.port = '1')],
    ['of a host that has no address', (url: URL) => void (url.hostname = 'nowhere.invalid')],
  ])('%s stops the start, says what to check and tells no password', async (_, change) => {
    const failed = await start(changed(change)).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'DATABASE_UNAVAILABLE', details: { hint: 'Check DATABASE_URL.' } });
    expect(messageOf(failed)).not.toMatch(/hunter2/);
    expect(messageOf(failed)).not.toContain(new URL(database.url).password);
  });

  it('of another kind is refused as configuration', () => {
    expect(() => readHubConfig({ DATABASE_URL: 'mysql://a/b' })).toThrow(/DATABASE_URL must be a postgres:\/\/ URL/);
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
