import type { HubConfig } from '../config/hub-config.js';
import { startHub, type RunningHub } from '../hub-process.js';
import { unavailable } from '../kernel/errors.js';
import type { DemoFolder } from './demo-folder.js';
import type { DemoLogs } from './demo-logs.js';
import { DemoRepository } from './demo-repository.js';
import { DemoFleet } from './fleet.js';
import { FleetStatus } from './fleet-status.js';
import { HubClient } from './hub-client.js';
import type { Screen } from './screen.js';
import { readDocuments, readRepository } from './seed.js';
import type { Stage } from './stage.js';
import type { Teardown } from './teardown.js';
import { NEWCOMER, TENANTS, tenantMetadata } from './tenants.js';

export interface StageParts {
  config: HubConfig;
  folder: DemoFolder;
  logs: DemoLogs;
  screen: Screen;
  teardown: Teardown;
  signal: AbortSignal;
}

const MEMBERS = [...TENANTS, NEWCOMER];

export interface Started {
  stage: Stage;
  /** Shown once, as the hub itself would on a first start. */
  adminToken: string;
}

/** Hub, repository, clusters with their agents, documents, labels: everything up to where the fleet starts to converge. */
export async function startStage(parts: StageParts): Promise<Started> {
  const { screen, signal } = parts;
  const { hub, adminToken } = await openHub(parts);
  signal.throwIfAborted();
  const repository = await serveRepository(parts);
  signal.throwIfAborted();
  const fleet = await startFleet(parts, hub);
  signal.throwIfAborted();
  const documents = await readDocuments(repository.url);
  await screen.step(
    'apply projects, sets, app of apps and store set',
    () => hub.apply(documents),
    (count) => `${count} documents`,
  );
  const label = (name: string): Promise<unknown> =>
    hub.patch(`/api/v1/clusters/${name}`, { metadata: tenantMetadata(name) });
  await screen.step('label the clusters', () => Promise.all(TENANTS.map(label)), labelled);
  return { stage: { hub, status: new FleetStatus(hub), fleet, repository, signal }, adminToken };
}

const labelled = (clusters: readonly unknown[]): string => `${clusters.length} of them become tenants`;

async function openHub({
  config,
  logs,
  screen,
  teardown,
}: StageParts): Promise<{ hub: HubClient; adminToken: string }> {
  const start = (): Promise<RunningHub> => startHub(config, { logger: logs.hub });
  const { url, adminToken, stop } = await screen.step('start the hub', start, (running) => running.url);
  teardown.add('hub', stop);
  if (adminToken === undefined) throw unavailable('NO_CREDENTIAL', 'the hub has been used before and shows no token');
  const hub = new HubClient(url, adminToken);
  teardown.add('hub client', () => hub.close());
  return { hub, adminToken };
}

function serveRepository({ folder, screen, teardown }: StageParts): Promise<DemoRepository> {
  const serve = async (): Promise<DemoRepository> => {
    const repository = await DemoRepository.serve(folder.pathOf('git'));
    teardown.add('Git server', () => repository.close());
    await repository.push('Seed the fleet', await readRepository(repository.url, MEMBERS));
    return repository;
  };
  return screen.step('serve a Git repository', serve, ({ url }) => url);
}

async function startFleet({ folder, logs, screen, teardown }: StageParts, hub: HubClient): Promise<DemoFleet> {
  const request = { namePrefix: 'tenant-', uses: MEMBERS.length, hours: 1 };
  const { secret } = await hub.post<{ secret: string }>('/api/v1/jointokens', request);
  const fleet = new DemoFleet({ hubUrl: hub.url, joinToken: secret, folder: folder.pathOf('agents'), logs });
  teardown.add('clusters and agents', () => fleet.stop());
  const started = (): string => `${MEMBERS.length} clusters`;
  await screen.step('start virtual clusters, each joined by its agent', () => fleet.start(MEMBERS), started);
  return fleet;
}
