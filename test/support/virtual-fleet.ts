import { afterEach } from 'vitest';
import { Ids } from '../../src/kernel/ids.js';
import { SimulatorServer } from '../../src/simulator/simulator-server.js';
import { VirtualCluster, type VirtualClusterOptions } from '../../src/simulator/virtual-cluster.js';
import { KubernetesApi } from './kubernetes-api.js';
import { ManualTimers } from './manual-timers.js';

export class CountedIds extends Ids {
  private count = 0;

  uuid(): string {
    return `00000000-0000-4000-8000-${String(++this.count).padStart(12, '0')}`;
  }

  secret(): string {
    return `secret-${++this.count}`;
  }
}

export interface Served {
  cluster: VirtualCluster;
  api: KubernetesApi;
  timers: ManualTimers;
}

const opened: SimulatorServer[] = [];

/** A virtual cluster on a port of its own, with time that the test moves; closed after each test. */
export async function serveCluster(options: Partial<VirtualClusterOptions> = {}): Promise<Served> {
  const timers = new ManualTimers();
  const cluster = new VirtualCluster({ name: 'one', clock: timers.clock, timers, ids: new CountedIds(), ...options });
  const server = new SimulatorServer();
  opened.push(server);
  server.add(cluster);
  await server.listen();
  timers.advance();
  return { cluster, timers, api: new KubernetesApi(server.urlOf(cluster.name), cluster.token) };
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()));
});
