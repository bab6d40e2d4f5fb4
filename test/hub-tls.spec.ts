import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHubConfig } from '../src/config/hub-config.js';
import { startAgent, type RunningAgent } from '../src/dispatch/agent/start-agent.js';
import { startHub, type RunningHub } from '../src/hub-process.js';
import { tokenConnection } from '../src/kubernetes/client/connection.js';
import { SimulatorServer } from '../src/simulator/simulator-server.js';
import { VirtualCluster } from '../src/simulator/virtual-cluster.js';
import { createTestDatabase, type TestDatabase } from './support/postgres.js';
import { RecordingLog } from './support/recording-log.js';
import { createHubLog } from '../src/config/hub-log.js';
import { TestAuthority } from './support/tls.js';
import { until } from './support/until.js';

let database: TestDatabase;
let dataDir: string;
let simulator: SimulatorServer;
let hub: RunningHub;
let adminToken = '';
beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'fleetwright-hub-tls-'));
  simulator = new SimulatorServer();
  await simulator.listen();
  await start();
});
afterAll(async () => {
  await hub?.stop();
  await simulator.close();
  await database?.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** On the port of the hub before, as a restart would. */
async function start(more: Record<string, string> = {}): Promise<void> {
  const port = hub === undefined ? '0' : new URL(hub.url).port;
  await hub?.stop();
  const environment = { DATABASE_URL: database.url, FLEETWRIGHT_DATA_DIR: dataDir, FLEETWRIGHT_PORT: port };
  const config = readHubConfig({ ...environment, FLEETWRIGHT_TLS: 'own', ...more });
  hub = await startHub(config, { logger: createHubLog('silent') });
  adminToken = hub.adminToken ?? adminToken;
}

async function mint(): Promise<string> {
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  const { body } = await dispatcher.request({
    origin: hub.url,
    path: '/api/v1/jointokens',
    method: 'POST',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    body: '{"uses":5}',
  });
  const { secret } = (await body.json()) as { secret: string };
  await dispatcher.destroy();
  return secret;
}

function member(name: string) {
  const cluster = new VirtualCluster({ name });
  simulator.add(cluster);
  const log = new RecordingLog();
  const join = (joinToken?: string): Promise<RunningAgent> =>
    startAgent({
      hubUrl: hub.url,
      cluster: name,
      ...(joinToken === undefined ? {} : { joinToken }),
      kubernetes: tokenConnection(simulator.urlOf(name), cluster.token),
      dataDir: `${dataDir}/${name}`,
      agentVersion: '0.1.0',
      logger: log,
    });
  const sessions = (): number => log.messages().filter((message) => message === 'session opened').length;
  return { join, sessions, said: () => JSON.stringify(log.lines.slice(-5)) };
}

describe('a hub with an authority of its own', () => {
  it('is joined by the pin in its token, and known by it after both restart', async () => {
    const token = await mint();
    expect(hub.url).toMatch(/^https:/);
    expect(token).toMatch(/^fwjoin_[\w-]+\.[0-9a-f]{64}$/);
    const berlin = member('berlin');
    const agent = await berlin.join(token);
    await until(() => berlin.sessions() === 1 || undefined, berlin.said);
    await agent.stop();
    await start();
    const again = await berlin.join();
    await until(() => berlin.sessions() === 2 || undefined, berlin.said);
    await again.stop();
  });

  it('mints tokens without a pin where something in front shows agents another certificate', async () => {
    await start({ FLEETWRIGHT_TLS_PIN: 'false' });
    expect(await mint()).toMatch(/^fwjoin_[\w-]+$/);
    await start();
  });

  it('is not joined with the pin of another, and the token stays good', async () => {
    const token = await mint();
    const paris = member('paris');
    const wrong = `${token.slice(0, token.indexOf('.'))}.${'0'.repeat(64)}`;
    await expect(paris.join(wrong)).rejects.toMatchObject({ code: 'HUB_PIN_MISMATCH' });
    await (await paris.join(token)).stop();
  });

  it('is trusted again, after it lost its authority, by an agent with a new token', async () => {
    const rome = member('rome');
    const agent = await rome.join(await mint());
    await until(() => rome.sessions() === 1 || undefined, rome.said);
    await agent.stop();
    await rm(join(dataDir, 'tls'), { recursive: true });
    await start();
    const stale = await rome.join();
    await until(() => (rome.said().includes('another authority') ? true : undefined), rome.said);
    await stale.stop();
    expect(rome.sessions()).toBe(1);
    await (await rome.join(await mint())).stop();
    const healed = await rome.join();
    await until(() => rome.sessions() > 1 || undefined, rome.said);
    await healed.stop();
  });
});

describe('a hub with certificate files', () => {
  it('serves them, and pins the authority that their chain ends with', async () => {
    const own = await TestAuthority.make();
    const served = await own.issue();
    const files = await own.write(served);
    const named = { FLEETWRIGHT_TLS_CERT: files.cert, FLEETWRIGHT_TLS_KEY: files.key };
    await start({ FLEETWRIGHT_TLS: '', ...named });
    expect((await mint()).endsWith(`.${served.pin}`)).toBe(true);
    await own.remove();
  });

  it('does not start without them', async () => {
    const named = { FLEETWRIGHT_TLS: '', FLEETWRIGHT_TLS_CERT: '/nowhere', FLEETWRIGHT_TLS_KEY: '/nowhere' };
    await expect(start(named)).rejects.toMatchObject({ code: 'TLS_FILES' });
    await start();
  });
});
