import net from 'node:net';
import { join } from 'node:path';
import { HUB_ROLES, type HubConfig } from '../config/hub-config.js';
import { freePort } from '../database/embedded/embedded-postgres.js';
import { Tools } from '../rendering/tools/tools.js';
import type { DemoFolder } from './demo-folder.js';
import { PACKAGE_ROOT } from './seed.js';

/** Also sees what a newcomer pushes by hand, soon enough to watch it. */
export const POLL_SECONDS = 10;

/** Unpacked once, for every run. */
export function demoTools({ binaries }: HubConfig): Tools {
  return new Tools({
    cacheDirectory: join(PACKAGE_ROOT, '.cache', 'tools'),
    ...(binaries.helm === undefined ? {} : { helmBinary: binaries.helm }),
    ...(binaries.kubectl === undefined ? {} : { kubectlBinary: binaries.kubectl }),
  });
}

export interface DemoParts {
  folder: DemoFolder;
  tools: Tools;
  databaseUrl: string | undefined;
}

/** The configuration of the environment, with the run's own folder and database and, where its port is taken, a free one. */
export async function demoConfig(
  environment: HubConfig,
  { folder, tools, databaseUrl }: DemoParts,
): Promise<HubConfig> {
  const { http, database } = environment;
  const [helm, kubectl] = [await tools.helm(), await tools.kubectl()];
  return {
    ...environment,
    http: { ...http, port: await portOrFree(http.host, http.port) },
    database: { poolSize: database.poolSize, ...(databaseUrl === undefined ? {} : { url: databaseUrl }) },
    dataDir: folder.pathOf('hub'),
    roles: HUB_ROLES,
    pollSeconds: POLL_SECONDS,
    binaries: { ...(helm.ok ? { helm: helm.value } : {}), ...(kubectl.ok ? { kubectl: kubectl.value } : {}) },
  };
}

function portOrFree(host: string, wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', () => freePort().then(resolve, reject));
    probe.listen(wanted, host, () => probe.close(() => resolve(wanted)));
  });
}
