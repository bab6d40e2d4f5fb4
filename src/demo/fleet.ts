import { join } from 'node:path';
import { Agent } from 'undici';
import { packageVersion } from '../config/agent-config.js';
import { startAgent, type RunningAgent } from '../dispatch/agent/start-agent.js';
import { notFound } from '../kernel/errors.js';
import { tokenConnection } from '../kubernetes/client/connection.js';
import { SimulatorServer } from '../simulator/simulator-server.js';
import { VirtualCluster, type VirtualClusterOptions } from '../simulator/virtual-cluster.js';
import type { DemoLogs } from './demo-logs.js';

export interface FleetOptions {
  hubUrl: string;
  joinToken: string;
  /** Where agents cache bundles. */
  folder: string;
  logs: DemoLogs;
  /** What the clusters are like, where not as the simulator makes them. */
  clusters?: Omit<VirtualClusterOptions, 'name'>;
}

/** Virtual clusters in this process, each with the real agent, which knows nothing of being simulated. */
export class DemoFleet {
  private readonly simulator = new SimulatorServer();
  private readonly clusters = new Map<string, VirtualCluster>();
  private readonly agents: RunningAgent[] = [];
  private readonly hubDispatcher = new Agent();

  constructor(private readonly options: FleetOptions) {}

  /** Starts all of them at once; resolves when every agent has joined. */
  async start(names: readonly string[]): Promise<void> {
    await this.simulator.listen();
    for (const name of names) {
      const cluster = new VirtualCluster({ ...this.options.clusters, name });
      this.clusters.set(name, cluster);
      this.simulator.add(cluster);
    }
    const joins = await Promise.allSettled([...this.clusters.values()].map((cluster) => this.join(cluster)));
    const failed = joins.find((join) => join.status === 'rejected');
    if (failed) throw failed.reason;
  }

  get names(): string[] {
    return [...this.clusters.keys()];
  }

  cluster(name: string): VirtualCluster {
    const found = this.clusters.get(name);
    if (found) return found;
    throw notFound('virtual cluster', name);
  }

  /** For kubectl's --server: the token is part of it. */
  kubectlUrlOf(name: string): string {
    return this.simulator.kubectlUrlOf(name);
  }

  /** How much each cluster had to store for its agent and its other clients, so far. */
  writes(): Map<string, number> {
    return new Map([...this.clusters].map(([name, { counters }]) => [name, counters.writes]));
  }

  async stop(): Promise<void> {
    await Promise.all(this.agents.map((agent) => agent.stop()));
    await this.hubDispatcher.destroy();
    await this.simulator.close();
  }

  private async join({ name, token }: VirtualCluster): Promise<void> {
    const { hubUrl, joinToken, folder, logs } = this.options;
    const agent = await startAgent({
      hubUrl,
      cluster: name,
      joinToken,
      kubernetes: tokenConnection(this.simulator.urlOf(name), token),
      dataDir: join(folder, name),
      agentVersion: packageVersion(),
      logger: logs.ofAgent(name),
      hubDispatcher: this.hubDispatcher,
    });
    this.agents.push(agent);
  }
}
