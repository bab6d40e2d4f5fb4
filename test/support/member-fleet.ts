import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SimulatedClusters } from '../../src/demo/simulated-clusters.js';
import { startAgent, type RunningAgent } from '../../src/dispatch/agent/start-agent.js';
import type { VirtualCluster } from '../../src/simulator/virtual-cluster.js';
import { RecordingLog } from './recording-log.js';

export interface MemberFleetOptions {
  hubUrl: string;
  joinToken: string;
  folder: string;
}

/** Virtual clusters whose agents, in this process, can be stopped and started one by one. */
export class MemberFleet {
  private readonly clusters = new SimulatedClusters();
  private readonly agents = new Map<string, RunningAgent>();
  private readonly logs = new Map<string, RecordingLog>();

  constructor(private readonly options: MemberFleetOptions) {}

  async start(names: readonly string[]): Promise<void> {
    await this.clusters.start(names, { readyAfterMs: 0 });
    await Promise.all(names.map((name) => this.startAgent(name)));
  }

  get names(): string[] {
    return this.clusters.names;
  }

  cluster(name: string): VirtualCluster {
    return this.clusters.named(name);
  }

  /** The log of an agent, over all its starts. */
  log(name: string): RecordingLog {
    const log = this.logs.get(name) ?? new RecordingLog();
    this.logs.set(name, log);
    return log;
  }

  async startAgent(name: string): Promise<void> {
    const { hubUrl, joinToken, folder } = this.options;
    const agent = await startAgent({
      hubUrl,
      cluster: name,
      joinToken,
      kubernetes: this.clusters.connection(name),
      dataDir: join(folder, name),
      agentVersion: '0.1.0',
      logger: this.log(name),
      intervals: { reportMs: 20, recheckMs: 200 },
    });
    this.agents.set(name, agent);
  }

  async stopAgent(name: string): Promise<void> {
    await this.agents.get(name)?.stop();
    this.agents.delete(name);
  }

  /** The bundles on an agent's disk are gone. */
  async loseCache(name: string): Promise<void> {
    await rm(join(this.options.folder, name), { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    await Promise.all(this.names.map((name) => this.stopAgent(name)));
    await this.clusters.stop();
  }
}
