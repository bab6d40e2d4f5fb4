import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHubConfig } from '../../src/config/hub-config.js';
import { createHubLog } from '../../src/config/hub-log.js';
import { startHub } from '../../src/hub-process.js';
import { failureText } from '../../src/kernel/failure-text.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

describe('a first start on a port that is taken', () => {
  let database: TestDatabase;
  let folder: string;
  let other: Server;
  beforeAll(async () => {
    database = await createTestDatabase();
    folder = mkdtempSync(join(tmpdir(), 'fleetwright-port-'));
    other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
  });
  afterAll(async () => {
    other?.close();
    await database?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('says what to change, and leaves the first admin token to the start that can show it', async () => {
    const { port } = other.address() as AddressInfo;
    const start = (on: number) =>
      startHub(
        readHubConfig({
          DATABASE_URL: database.url,
          FLEETWRIGHT_PORT: String(on),
          FLEETWRIGHT_DATA_DIR: folder,
        }),
        { logger: createHubLog('silent') },
      );
    const failed = await start(port).catch((error: unknown) => error);
    const [line = ''] = failureText('fleetwright hub', failed).split('\n');
    expect(line).toMatch(/^fleetwright hub: cannot listen on 127\.0\.0\.1:\d+: .*Choose another .*FLEETWRIGHT_PORT\.$/);
    const hub = await start(0);
    expect(hub.adminToken).toMatch(/^fw_/);
    await hub.stop();
  });
});
