import { join } from 'node:path';
import { Agent } from 'undici';
import { packageVersion } from '../config/agent-config.js';
import { startAgent, type RunningAgent } from '../dispatch/agent/start-agent.js';
import type { VirtualCluster, VirtualClusterOptions } from '../simulator/virtual-cluster.js';
import type { DemoLogs } from './demo-logs.js';
import { SimulatedClusters } from './simulated-clusters.js';

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
  private readonly clusters = new SimulatedClusters();
  private readonly agents: RunningAgent[] = [];
  private readonly hubDispatcher = new Agent();

  constructor(private readonly options: FleetOptions) {}

  /** Starts all of them at once; resolves when every agent has joined. */
  async start(names: readonly string[]): Promise<void> {
    await this.clusters.start(names, this.options.clusters);
    const joins = await Promise.allSettled(names.map((name) => this.join(name)));
    const failed = joins.find((join) => join.status === 'rejected');
    if (failed) throw failed.reason;
  }

  get names(): string[] {
    return this.clusters.names;
  }

  cluster(name: string): VirtualCluster {
    return this.clusters.named(name);
  }

  /** For kubectl's --server: the token is part of it. */
  kubectlUrlOf(name: string): string {
    return this.clusters.kubectlUrlOf(name);
  }

  /** How much each cluster had to store for its agent and its other clients, so far. */
  writes(): Map<string, number> {
    return this.clusters.writes();
  }

  async stop(): Promise<void> {
    await Promise.all(this.agents.map((agent) => agent.stop()));
    await this.hubDispatcher.destroy();
    await this.clusters.stop();
  }

  private async join(name: string): Promise<void> {
    const { hubUrl, joinToken, folder, logs } = this.options;
    const agent = await startAgent({
      hubUrl,
      cluster: name,
      joinToken,
      kubernetes: this.clusters.connection(name),
      dataDir: join(folder, name),
      agentVersion: packageVersion(),
      logger: logs.ofAgent(name),
      hubDispatcher: this.hubDispatcher,
    });
    this.agents.push(agent);
  }
}
