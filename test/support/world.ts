import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHubConfig } from '../../src/config/hub-config.js';
import { DemoLogs } from '../../src/demo/demo-logs.js';
import { DemoFleet } from '../../src/demo/fleet.js';
import { HubClient } from '../../src/demo/hub-client.js';
import { startHub, type RunningHub } from '../../src/hub-process.js';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { eventually } from './eventually.js';
import { GitServer, type GitRepository } from './git-server.js';
import { createTestDatabase, type TestDatabase } from './postgres.js';

export { eventually };

export interface HubList {
  items: KubernetesObject[];
}

/** A whole Fleetwright on loopback: real hub, Postgres, Git over HTTP, virtual clusters, real agents. */
export class World {
  private constructor(
    readonly folder: string,
    readonly database: TestDatabase,
    readonly git: GitServer,
    readonly repository: GitRepository,
    public hub: RunningHub,
    readonly admin: HubClient,
    readonly fleet: DemoFleet,
  ) {}

  static async start(clusters: readonly string[]): Promise<World> {
    const folder = await mkdtemp(join(tmpdir(), 'fleetwright-world-'));
    const database = await createTestDatabase();
    const git = await GitServer.start();
    const repository = await git.repository('fleet');
    await repository.commit({ 'README.md': 'fleet\n' });
    const logs = new DemoLogs(join(folder, 'world.log'), 'info');
    const hub = await startHub(World.config(folder, database.url), { logger: logs.hub });
    const admin = new HubClient(hub.url, hub.adminToken ?? '');
    const { secret } = await admin.post<{ secret: string }>('/api/v1/jointokens', { uses: 50 });
    const fleet = new DemoFleet({
      hubUrl: hub.url,
      joinToken: secret,
      folder: join(folder, 'agents'),
      logs,
    });
    await fleet.start(clusters);
    return new World(folder, database, git, repository, hub, admin, fleet);
  }

  static config(folder: string, url: string) {
    return readHubConfig({
      FLEETWRIGHT_PORT: '0',
      FLEETWRIGHT_DATA_DIR: folder,
      FLEETWRIGHT_POLL_SECONDS: '3600',
      DATABASE_URL: url,
    });
  }

  async stop(): Promise<void> {
    await this.fleet.stop();
    await this.hub.stop();
    await this.admin.close();
    await this.git.close();
    await this.database.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** With a token of a project's role. */
  async asRole(project: string, role: string): Promise<HubClient> {
    const scope = { admin: false, project, role };
    const { secret } = await this.admin.post<{ secret: string }>('/api/v1/tokens', {
      name: `${project}-${role}`,
      scope,
    });
    return this.admin.as(secret);
  }

  label(cluster: string, labels: Record<string, string | null>): Promise<unknown> {
    return this.admin.patch(`/api/v1/namespaces/argocd/clusters/${cluster}`, { metadata: { labels } });
  }

  async list(kind: string): Promise<KubernetesObject[]> {
    return (await this.admin.get<HubList>(`/api/v1/${kind}?limit=500`)).items;
  }

  async names(kind: string): Promise<string[]> {
    return (await this.list(kind)).map(({ metadata }) => metadata.name);
  }

  /** Waits until there are so many Applications. */
  async made(applications: number): Promise<void> {
    await eventually('the sets to have made their Applications', async () => {
      const names = await this.names('applications');
      return [names.length === applications, names];
    });
  }

  /** Pushes, then does what a webhook would. */
  async push(changes: Parameters<GitRepository['commit']>[0]): Promise<void> {
    await this.repository.commit(changes);
    for (const name of await this.names('applicationsets'))
      await this.admin.post(`/api/v1/applicationsets/${name}/refresh`);
    for (const name of await this.names('applications')) await this.admin.post(`/api/v1/applications/${name}/refresh`);
  }

  async get(kind: string, name: string): Promise<KubernetesObject & { status?: Status }> {
    return this.admin.get(`/api/v1/namespaces/argocd/${kind}/${name}`);
  }

  /** Every one of these Applications, and no other, Synced and Healthy. */
  async converged(...names: string[]): Promise<void> {
    await eventually(`Applications ${names.join(', ')} to be Synced and Healthy`, async () => {
      const all = await this.list('applications');
      const found = all.map(
        (item) => `${item.metadata.name} ${statusOf(item).sync?.status} ${statusOf(item).health?.status}`,
      );
      const wanted = names.map((name) => `${name} Synced Healthy`);
      return [
        found.toSorted().join('; ') === wanted.toSorted().join('; '),
        all.map((item) => ({ name: item.metadata.name, status: item['status'] })),
      ];
    });
  }

  deployment(cluster: string, namespace: string, name: string): KubernetesObject | undefined {
    return this.fleet.cluster(cluster).get({ group: 'apps', kind: 'Deployment', namespace, name });
  }
}

export interface Status {
  sync?: { status: string };
  health?: { status: string };
  conditions?: { type: string; status?: string; message: string }[];
  errors?: { code: string; path: string; message: string }[];
}

export function statusOf(object: KubernetesObject): Status {
  return (object['status'] ?? {}) as Status;
}
