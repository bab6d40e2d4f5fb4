import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHubConfig, type HubConfig } from '../src/config/hub-config.js';
import { createHubLog } from '../src/config/hub-log.js';
import { startHub } from '../src/hub-process.js';
import { createTestDatabase, type TestDatabase } from './support/postgres.js';

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'fleetwright-hub-'));
});
afterAll(async () => {
  await database?.close();
  rmSync(folder, { recursive: true, force: true });
});

const configOf = (more: Record<string, string> = {}): HubConfig =>
  readHubConfig({ DATABASE_URL: database.url, FLEETWRIGHT_PORT: '0', FLEETWRIGHT_DATA_DIR: folder, ...more });

describe('a hub', () => {
  it('serves, gives its first token once and never logs it', async () => {
    const lines = new PassThrough();
    const logger = createHubLog('debug', lines);
    const first = await startHub(configOf(), { logger });
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
    const token = first.adminToken ?? '';
    const who = await fetch(`${first.url}/api/v1/whoami`, { headers: { authorization: `Bearer ${token}` } });
    expect(await who.json()).toMatchObject({ admin: true });
    await first.stop();
    const again = await startHub(configOf(), { logger });
    expect(again.adminToken).toBeUndefined();
    await again.stop();
    const log = String(lines.read());
    expect(log).toContain('hub is up');
    expect(log).not.toContain(token.slice(-20));
  });

  it('serves no API where it does not have that role, and still tells its health', async () => {
    const hub = await startHub(configOf({ FLEETWRIGHT_ROLES: 'controller' }), { logger: createHubLog('silent') });
    expect((await fetch(`${hub.url}/api/v1/whoami`)).status).toBe(404);
    expect((await fetch(`${hub.url}/healthz`)).status).toBe(200);
    await hub.stop();
  });
});

describe('a hub that stops', () => {
  it('answers the request under way first', async () => {
    const hub = await startHub(configOf(), { logger: createHubLog('silent') });
    const lock = new pg.Client({ connectionString: database.url });
    await lock.connect();
    await lock.query('begin; lock table migrations');
    const waiting = fetch(`${hub.url}/readyz`);
    await untilSomeoneWaits(lock);
    const stopped = hub.stop();
    await lock.query('commit');
    expect((await waiting).status).toBe(200);
    await stopped;
    await lock.end();
    await expect(fetch(`${hub.url}/healthz`)).rejects.toThrow();
  });
});

async function untilSomeoneWaits(client: pg.Client): Promise<void> {
  const waiting = `select 1 from pg_locks where not granted and relation = 'migrations'::regclass`;
  while ((await client.query(waiting)).rowCount === 0) await new Promise((resolve) => setImmediate(resolve));
}

describe('a hub that cannot start', () => {
  let taken: Server;
  beforeAll(async () => {
    taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
  });
  afterAll(() => taken?.close());

  it('says that the port is taken, and leaves nothing running', async () => {
    const port = String((taken.address() as AddressInfo).port);
    const start = startHub(configOf({ FLEETWRIGHT_PORT: port }), { logger: createHubLog('silent') });
    await expect(start).rejects.toMatchObject({ code: 'ADDRESS_UNUSABLE' });
  });

  it('says that the database cannot be used', async () => {
    const url = new URL(database.url);
    url.pathname = '/nowhere';
    const start = startHub(configOf({ DATABASE_URL: url.href }), { logger: createHubLog('silent') });
    await expect(start).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });
});

describe('the log', () => {
  it('shows no credentials, whatever is passed to it', () => {
    const lines = new PassThrough();
    createHubLog('info', lines).info({ headers: { authorization: 'Bearer fw_1_s' }, password: 'hunter2' }, 'a line');
    expect(String(lines.read())).not.toMatch(/fw_1_s|hunter2/);
  });
});
