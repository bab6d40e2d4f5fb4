import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HubClient } from '../../src/demo/hub-client.js';
import { SimulatorServer } from '../../src/simulator/simulator-server.js';
import { eventually } from '../../test/support/eventually.js';
import { GitServer } from '../../test/support/git-server.js';
import { Checker } from '../model/checker.js';
import { CLUSTERS, type ClusterName } from '../model/history.js';
import { FleetRepository } from './fleet-repository.js';
import type { HubDatabase } from './hub-database.js';
import { HubPart } from './hub-part.js';
import { Link } from './link.js';
import { MemberPart } from './member-part.js';

interface Parts {
  folder: string;
  database: HubDatabase;
  git: GitServer;
  /** Between hub and Git. */
  toGit: Link;
  repository: FleetRepository;
  simulator: SimulatorServer;
  hub: HubPart;
}

/** A hub and agents as processes, a Postgres, a Git server, and simulated clusters in this process. */
export class RealWorld {
  readonly checker = new Checker();
  readonly members = new Map<ClusterName, MemberPart>();
  /** How far the clock of every process is off. */
  private skewMs = 0;
  private readonly skew = (): number => this.skewMs;

  private constructor(
    private readonly parts: Parts,
    private readonly bug: string | undefined,
  ) {}

  /** On a new, empty database of this Postgres, with the clusters joined. */
  static async start(database: HubDatabase, bug?: string): Promise<RealWorld> {
    await database.renew();
    const folder = await mkdtemp(join(tmpdir(), 'fleetwright-history-'));
    const git = await GitServer.start();
    const bare = await git.repository('fleet');
    const toGit = await Link.open({ target: git.url });
    const repository = new FleetRepository(bare, `${toGit.url}/fleet.git`);
    const simulator = new SimulatorServer();
    await simulator.listen();
    const hub = await HubPart.in({ folder, databaseUrl: database.url, bug });
    const world = new RealWorld({ folder, database, git, toGit, repository, simulator, hub }, bug);
    try {
      await world.join();
      return world;
    } catch (error) {
      await world.stop();
      throw error;
    }
  }

  get admin(): HubClient {
    if (!this.hub.admin) throw new Error('the hub never came up');
    return this.hub.admin;
  }

  get hub(): HubPart {
    return this.parts.hub;
  }

  get database(): HubDatabase {
    return this.parts.database;
  }

  get repository(): FleetRepository {
    return this.parts.repository;
  }

  get toGit(): Link {
    return this.parts.toGit;
  }

  member(name: ClusterName): MemberPart {
    return this.members.get(name) as MemberPart;
  }

  /** What all clusters hold: key → value. */
  found(): Map<string, string> {
    return new Map([...this.members.values()].flatMap((member) => [...member.found()]));
  }

  /** kill -9, and a start at once. What it had leased runs out, as it does while nobody renews it. */
  async crashHub(): Promise<void> {
    await this.hub.process.kill();
    await this.database.endLeases();
    this.hub.process.start(this.skew);
  }

  async crashAgent(name: ClusterName): Promise<void> {
    await this.member(name).kill();
    this.member(name).agent.start(this.skew);
  }

  jump(seconds: number): void {
    this.skewMs += seconds * 1_000;
    this.hub.process.tell(this.skewMs);
    for (const { agent } of this.members.values()) agent.tell(this.skewMs);
  }

  /** The end of what everybody said. */
  get output(): string {
    const said = [...this.members].map(([name, { agent }]) => `--- agent of ${name}\n${agent.output.slice(-3_000)}`);
    return [`--- hub\n${this.hub.process.output.slice(-6_000)}`, ...said].join('\n');
  }

  async stop(): Promise<void> {
    const { hub, simulator, toGit, git, folder } = this.parts;
    for (const member of this.members.values()) await member.close();
    await hub.admin?.close();
    await hub.process.kill();
    await simulator.close();
    await toGit.close();
    await git.close();
    await rm(folder, { recursive: true, force: true });
  }

  private async join(): Promise<void> {
    const { hub, simulator, folder } = this.parts;
    hub.process.start(this.skew);
    await hub.isUp();
    const { secret } = await this.admin.post<{ secret: string }>('/api/v1/jointokens', { uses: CLUSTERS.length });
    for (const name of CLUSTERS) {
      const member = await MemberPart.create({
        name,
        folder: join(folder, 'agents'),
        hubUrl: hub.url,
        joinToken: secret,
        simulator,
        clock: { now: () => new Date(Date.now() + this.skewMs) },
        bug: this.bug,
        onDeleted: (key) => this.checker.deleted(key),
      });
      this.members.set(name, member);
      member.agent.start(this.skew);
    }
    await Promise.all([...this.members.values()].map(({ agent }) => agent.isUp()));
    await eventually('every cluster to have told what it serves', async () => {
      const { items } = await this.admin.get<{ items: { status?: { facts?: unknown } }[] }>('/api/v1/clusters');
      return [items.filter(({ status }) => status?.facts !== undefined).length === CLUSTERS.length, items];
    });
  }
}
