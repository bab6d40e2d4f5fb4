import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHubConfig } from '../../src/config/hub-config.js';
import { createHubLog } from '../../src/config/hub-log.js';
import { startHub } from '../../src/hub-process.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

let database: TestDatabase;
const folders: string[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database?.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fleetwright-key-'));
  folders.push(folder);
  return folder;
}

/** A start and a stop. */
async function start(folder: string, more: Record<string, string> = {}): Promise<void> {
  const environment = { DATABASE_URL: database.url, FLEETWRIGHT_PORT: '0', FLEETWRIGHT_DATA_DIR: folder, ...more };
  await (await startHub(readHubConfig(environment), { logger: createHubLog('silent') })).stop();
}

describe('a database whose credentials are sealed with one key', () => {
  it('is not used by a hub with another, made in another data folder or given, which could open nothing', async () => {
    const first = newFolder();
    await start(first);
    const refused = {
      code: 'ENCRYPTION_KEY_OTHER',
      details: { hint: expect.stringMatching(/Give it that key/) as string },
    };
    await expect(start(newFolder())).rejects.toMatchObject(refused);
    const key = Buffer.alloc(32, 7).toString('base64');
    await expect(start(first, { FLEETWRIGHT_ENCRYPTION_KEY: key })).rejects.toMatchObject(refused);
    await start(first);
  });
});
