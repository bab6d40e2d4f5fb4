import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatorServer } from '../../src/simulator/simulator-server.js';
import { VirtualCluster } from '../../src/simulator/virtual-cluster.js';
import { Program } from '../support/program.js';

/** Takes connections and never answers. */
let silent: Server;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fleetwright-stopped-'));
  silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
});
afterEach(() => {
  silent.close();
  rmSync(folder, { recursive: true, force: true });
});

const address = (): string => `127.0.0.1:${(silent.address() as AddressInfo).port}`;

/** A program without a handler ends by the signal, with no exit code; as first process of a container it would not end. */
describe('a program that is told to stop before it runs', () => {
  it('ends in order: a hub that waits for its database', async () => {
    const asked = once(silent, 'connection');
    const hub = Program.start('hub.js', {
      DATABASE_URL: `postgres://u:p@${address()}/fleet`,
      FLEETWRIGHT_DATA_DIR: folder,
      FLEETWRIGHT_PORT: '0',
    });
    await asked;
    expect(await hub.end('SIGTERM')).toBe(0);
  });

  it('ends in order: an agent that waits for the hub it is to join', async () => {
    const simulator = new SimulatorServer();
    await simulator.listen();
    const cluster = new VirtualCluster({ name: 'berlin' });
    simulator.add(cluster);
    const asked = once(silent, 'connection');
    const agent = Program.start('agent.js', {
      FLEETWRIGHT_HUB_URL: `http://${address()}`,
      FLEETWRIGHT_CLUSTER: 'berlin',
      FLEETWRIGHT_JOIN_TOKEN: 'fwjoin_secret',
      FLEETWRIGHT_DATA_DIR: folder,
      KUBERNETES_API: simulator.urlOf('berlin'),
      KUBERNETES_TOKEN: cluster.token,
    });
    await asked;
    expect(await agent.end('SIGTERM')).toBe(0);
    await simulator.close();
  });
});
