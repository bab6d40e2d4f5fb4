import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HubClient } from '../../src/demo/hub-client.js';
import { AGENT_NAMESPACE } from '../../src/dispatch/agent/agent-namespace.js';
import { hubHistorySchema, type HubHistory } from '../../src/dispatch/agent/hub-history.js';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { AcknowledgedWrites } from './acknowledged-writes.js';
import { GitServer, type GitRepository } from './git-server.js';
import { HubProgram } from './hub-program.js';
import { MemberFleet } from './member-fleet.js';
import { RequestLog } from './request-log.js';
import { eventually } from './eventually.js';
import type { Status } from './world.js';

interface Parts {
  folder: string;
  hub: HubProgram;
  git: GitServer;
  repository: GitRepository;
  admin: HubClient;
  fleet: MemberFleet;
}

/** A Fleetwright whose hub is a process of its own; Git, virtual clusters and agents live in this one. */
export class FaultWorld {
  readonly writes: AcknowledgedWrites;
  readonly requests: RequestLog;

  private constructor(private readonly parts: Parts) {
    this.writes = new AcknowledgedWrites(parts.admin);
    this.requests = new RequestLog(parts.fleet.names.map((name) => parts.fleet.cluster(name)));
  }

  /** Without a `databaseUrl` the hub runs its own Postgres. */
  static async start(clusters: readonly string[], databaseUrl?: string): Promise<FaultWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'fleetwright-faults-'));
    await chmod(folder, 0o711); // Postgres does not run as root and must get through
    const git = await GitServer.start();
    const repository = await git.repository('fleet');
    const hub = await HubProgram.in(join(folder, 'hub'), databaseUrl);
    try {
      await hub.start();
      const admin = new HubClient(hub.url, hub.adminToken);
      const { secret } = await admin.post<{ secret: string }>('/api/v1/jointokens', { uses: 50 });
      const fleet = new MemberFleet({ hubUrl: hub.url, joinToken: secret, folder: join(folder, 'agents') });
      await fleet.start(clusters);
      return new FaultWorld({ folder, hub, git, repository, admin, fleet });
    } catch (error) {
      await hub.remove(); // its process, and its Postgres, would outlive this one
      throw error;
    }
  }

  get hub(): HubProgram {
    return this.parts.hub;
  }

  get admin(): HubClient {
    return this.parts.admin;
  }

  get repository(): GitRepository {
    return this.parts.repository;
  }

  get fleet(): MemberFleet {
    return this.parts.fleet;
  }

  /** The data folder of the hub. */
  get dataDir(): string {
    return join(this.parts.folder, 'hub');
  }

  async stop(): Promise<void> {
    const { fleet, admin, hub, git, folder } = this.parts;
    await fleet.stop();
    await admin.close();
    await hub.remove();
    await git.close();
    await rm(folder, { recursive: true, force: true });
  }

  /** kill -9 and a start on the same folder. */
  async restartKilledHub(): Promise<void> {
    await this.hub.kill();
    await this.hub.start();
  }

  label(cluster: string, labels: Record<string, string | null>): Promise<void> {
    return this.writes.patch('clusters', cluster, { metadata: { labels } });
  }

  async list(kind: string): Promise<KubernetesObject[]> {
    return (await this.admin.get<{ items: KubernetesObject[] }>(`/api/v1/${kind}?limit=500`)).items;
  }

  /** What a webhook does after a push. */
  async refresh(): Promise<void> {
    for (const kind of ['applicationsets', 'applications']) {
      for (const { metadata } of await this.list(kind))
        await this.admin.post(`/api/v1/${kind}/${metadata.name}/refresh`);
    }
  }

  /** These Applications and no other, Synced and Healthy. */
  async converged(names: readonly string[]): Promise<void> {
    const wanted = names.map((name) => `${name} Synced Healthy`).toSorted();
    await eventually(`exactly ${names.join(', ')} to be Synced and Healthy`, async () => {
      const found = (await this.list('applications')).map((item) => {
        const { sync, health } = (item['status'] ?? {}) as Status;
        return `${item.metadata.name} ${sync?.status} ${health?.status}`;
      });
      return [found.toSorted().join() === wanted.join(), found.filter((line) => !wanted.includes(line))];
    });
  }

  /** What one agent has seen of its hub, as it keeps it in its cluster. */
  historyAt(cluster: string): HubHistory {
    const id = { group: '', kind: 'ConfigMap', namespace: AGENT_NAMESPACE, name: 'agent-hub-history' };
    const kept = this.fleet.cluster(cluster).get(id)?.['data'] as { history: string };
    return hubHistorySchema.parse(JSON.parse(kept.history));
  }

  /** Objects of Applications at one cluster: `<Kind> <name>`, sorted. */
  objectsAt(cluster: string, namespace = 'web'): string[] {
    const virtual = this.fleet.cluster(cluster);
    const found = [...virtual.list('apps', 'Deployment', namespace), ...virtual.list('', 'ConfigMap', namespace)];
    return found.map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted();
  }
}
