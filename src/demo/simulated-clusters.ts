import { notFound } from '../kernel/errors.js';
import { tokenConnection, type KubernetesConnection } from '../kubernetes/client/connection.js';
import { SimulatorServer } from '../simulator/simulator-server.js';
import { VirtualCluster, type VirtualClusterOptions } from '../simulator/virtual-cluster.js';

/** Virtual clusters behind one server in this process. */
export class SimulatedClusters {
  private readonly simulator = new SimulatorServer();
  private readonly clusters = new Map<string, VirtualCluster>();

  /** `like` is what they are like, where not as the simulator makes them. */
  async start(names: readonly string[], like: Omit<VirtualClusterOptions, 'name'> = {}): Promise<void> {
    await this.simulator.listen();
    for (const name of names) {
      const cluster = new VirtualCluster({ ...like, name });
      this.clusters.set(name, cluster);
      this.simulator.add(cluster);
    }
  }

  get names(): string[] {
    return [...this.clusters.keys()];
  }

  /** Throws NOT_FOUND. */
  named(name: string): VirtualCluster {
    const found = this.clusters.get(name);
    if (found) return found;
    throw notFound('virtual cluster', name);
  }

  /** As its agent reaches it. */
  connection(name: string): KubernetesConnection {
    return tokenConnection(this.simulator.urlOf(name), this.named(name).token);
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
    await this.simulator.close();
  }
}
