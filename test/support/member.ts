import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentOptions } from '../../src/dispatch/agent/agent-options.js';
import { startAgent, type RunningAgent } from '../../src/dispatch/agent/start-agent.js';
import type { ApplicationReport } from '../../src/dispatch/protocol/report.js';
import type { KubernetesObject, ObjectId } from '../../src/kernel/object.js';
import { tokenConnection } from '../../src/kubernetes/client/connection.js';
import { SimulatorServer } from '../../src/simulator/simulator-server.js';
import { VirtualCluster } from '../../src/simulator/virtual-cluster.js';
import { RecordingLog } from './recording-log.js';
import { StubHub } from './stub-hub.js';
import { until } from './until.js';

/** A hub, one virtual cluster and the real agent between them, over real sockets. */
export class Member {
  readonly hub = new StubHub();
  readonly cluster: VirtualCluster;
  readonly log = new RecordingLog();
  agent: RunningAgent | undefined;
  private readonly simulator = new SimulatorServer();
  private dataDir = '';

  constructor(options: { readyAfterMs?: number } = {}) {
    this.cluster = new VirtualCluster({ name: 'berlin', readyAfterMs: options.readyAfterMs ?? 0 });
  }

  async open(options: Partial<AgentOptions> = {}): Promise<void> {
    await this.hub.start();
    await this.simulator.listen();
    this.simulator.add(this.cluster);
    this.dataDir = await mkdtemp(join(tmpdir(), 'fleetwright-agent-'));
    await this.startAgent({ joinToken: this.hub.mint('join-me'), ...options });
  }

  async startAgent(options: Partial<AgentOptions> = {}): Promise<void> {
    this.agent = await startAgent({
      hubUrl: this.hub.url,
      cluster: 'berlin',
      kubernetes: tokenConnection(this.address().api, this.cluster.token),
      dataDir: this.dataDir,
      agentVersion: '0.1.0',
      logger: this.log,
      intervals: { reportMs: 5, recheckMs: 200 },
      ...options,
    });
  }

  /** What an agent of another process needs. */
  address(): { api: string; token: string; dataDir: string } {
    return { api: this.simulator.urlOf('berlin'), token: this.cluster.token, dataDir: this.dataDir };
  }

  async stopAgent(): Promise<void> {
    await this.agent?.stop();
    this.agent = undefined;
  }

  async close(): Promise<void> {
    await this.stopAgent();
    await this.hub.stop();
    await this.simulator.close();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** The bundles on the agent's disk are lost. */
  async loseDisk(): Promise<void> {
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** The live object, or undefined; `group/kind/namespace/name`. */
  live(key: string): KubernetesObject | undefined {
    return this.cluster.get(idOf(key));
  }

  edit(key: string, change: (draft: KubernetesObject) => void): void {
    this.cluster.edit(idOf(key), change);
  }

  delete(key: string): void {
    this.cluster.delete(idOf(key));
  }

  /** Waits for a verdict of the agent on an Application. */
  async verdict(uid: string, fits: (report: ApplicationReport) => boolean = isSettled): Promise<ApplicationReport> {
    return until(
      () => {
        const report = this.hub.verdicts.get(uid);
        return report && fits(report) ? report : undefined;
      },
      () =>
        `verdict on ${uid}: ${JSON.stringify(this.hub.verdicts.get(uid))}; log: ${JSON.stringify(this.log.lines.slice(-8))}`,
    );
  }

  appears(key: string): Promise<KubernetesObject> {
    return until(
      () => this.live(key),
      () => `${key} appears; log: ${JSON.stringify(this.log.lines.slice(-8))}`,
    );
  }

  async disappears(key: string): Promise<void> {
    await until(
      () => (this.live(key) === undefined ? true : undefined),
      () => `${key} disappears; log: ${JSON.stringify(this.log.lines.slice(-8))}`,
    );
  }
}

function isSettled({ sync, health }: ApplicationReport): boolean {
  return sync === 'Synced' && health === 'Healthy';
}

function idOf(key: string): ObjectId {
  const [group = '', kind = '', namespace = '', name = ''] = key.split('/');
  return { group, kind, namespace, name };
}
