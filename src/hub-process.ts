import type { Server } from 'node:https';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { FirstAdmin } from './access/tokens/first-admin.js';
import { closeHttpApplication, createHttpApplication } from './api/http/http-application.js';
import { HubAddress, type KnownAddress } from './clusters/join/hub-address.js';
import { prepareDataFolder } from './config/data-folder.js';
import { FolderClaim } from './config/folder-claim.js';
import type { HubConfig } from './config/hub-config.js';
import { loadSealKey } from './config/seal-key.js';
import { programStamp } from './config/program-stamp.js';
import { CommitListener } from './database/commit-listener.js';
import { createDataSource, migrate } from './database/data-source.js';
import { databaseFault } from './database/database-fault.js';
import { startEmbeddedPostgres } from './database/embedded/embedded-postgres.js';
import { requireSealKey } from './database/one-seal-key.js';
import { Transactions } from './database/transactions.js';
import { HubModule } from './hub.module.js';
import { SystemClock } from './kernel/clock.js';
import { FleetError, messageOf, unavailable } from './kernel/errors.js';
import { endLeases } from './reconcile/work-queue.js';
import type { CertificateKeeper } from './tls/certificate-keeper.js';
import { openCertificate } from './tls/open-certificate.js';

export interface RunningHub {
  /** Where it answers, such as `http://127.0.0.1:8080`. */
  url: string;
  /** Only of a hub that never had a token: show it once, keep it nowhere. */
  adminToken?: string;
  /** Lets requests under way end, then closes everything this process opened. */
  stop(): Promise<void>;
}

/** Opens the database, brings its schema up to date and serves. Throws after undoing what it had opened. */
export async function startHub(config: HubConfig, { logger }: { logger: Logger }): Promise<RunningHub> {
  const opened = new Opened();
  try {
    prepareDataFolder(config.dataDir);
    await claimFolder(config, logger, opened);
    const url = await openDatabase(config, logger, opened);
    const dataSource = await openPool(config, url, opened);
    await requireSealKey(new Transactions(dataSource), loadSealKey(config).id);
    const commits = new CommitListener(url, logger);
    await commits.start();
    opened.push(() => commits.stop());
    const certificate = await certificateOf(config, logger, opened);
    const module = HubModule.of({ config, database: { dataSource, commits }, program: programStamp(), log: logger });
    const describeApi = config.roles.includes('api');
    const limits = { bodyLimitBytes: config.http.bodyLimitBytes, signedBodyLimitBytes: config.webhooks.bodyLimitBytes };
    const secured = certificate === undefined ? {} : { tls: pairOf(certificate) };
    const app = await createHttpApplication(module, { ...limits, ...secured, describeApi, log: logger });
    opened.push(() => closeHttpApplication(app));
    await listen(app, config.http);
    // Made last: a start that fails would have made it and never shown it.
    const adminToken = await app.get(FirstAdmin, { strict: false }).ensure();
    certificate?.keep(app.getHttpServer() as Server);
    const hub = { url: await urlOf(app, certificate), stop: () => opened.close() };
    app.get(HubAddress, { strict: false }).tell(() => addressOf(config, hub.url, certificate));
    logger.info({ url: hub.url, roles: config.roles }, 'hub is up');
    return adminToken === undefined ? hub : { ...hub, adminToken };
  } catch (error) {
    await opened.close().catch((also: unknown) => logger.warn({ err: messageOf(also) }, 'not everything was closed'));
    throw error;
  }
}

/** What to close again, last opened first; what cannot be closed keeps nothing else open. */
class Opened {
  private readonly closers: (() => Promise<void>)[] = [];

  push(close: () => Promise<void>): void {
    this.closers.push(close);
  }

  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let close = this.closers.pop(); close; close = this.closers.pop()) {
      await close().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
}

async function claimFolder({ dataDir }: HubConfig, log: Logger, opened: Opened): Promise<void> {
  const claim = await FolderClaim.take(dataDir, {
    onWait: () =>
      log.warn({ dataDir }, 'the data folder was left in another container; looking whether it is used there'),
    onLost: () => {
      log.error({ dataDir }, 'another process has taken the data folder over; this one stops');
      process.kill(process.pid, 'SIGTERM');
    },
  });
  opened.push(async () => claim.release());
}

async function openDatabase({ database, dataDir }: HubConfig, logger: Logger, opened: Opened): Promise<string> {
  if (database.url !== undefined) return database.url;
  const postgres = await startEmbeddedPostgres({ dataDir, keepRunning: logger });
  opened.push(() => postgres.stop());
  return postgres.url;
}

async function openPool({ database }: HubConfig, url: string, opened: Opened): Promise<DataSource> {
  const dataSource = createDataSource({ url, poolSize: database.poolSize });
  try {
    await dataSource.initialize();
    opened.push(() => dataSource.destroy());
    await migrate(url);
    // The folder is ours alone, so whoever held a lease in its database was killed.
    if (database.url === undefined) await endLeases(new Transactions(dataSource));
    return dataSource;
  } catch (error) {
    if (database.url !== undefined || error instanceof FleetError) throw databaseFault(error);
    throw unavailable(
      'DATABASE_UNAVAILABLE',
      `cannot use the database: ${messageOf(error)}`,
      'Look at the data folder.',
    );
  }
}

async function certificateOf({ http, dataDir }: HubConfig, log: Logger, opened: Opened) {
  const certificate = await openCertificate(http.tls, { dataDir, clock: new SystemClock(), log });
  opened.push(async () => certificate?.stop());
  return certificate;
}

function pairOf({ current }: CertificateKeeper): { cert: string; key: string } {
  return { cert: current.chain, key: current.key };
}

/** Nest knows of TLS only where it makes the server itself. */
async function urlOf(app: NestFastifyApplication, certificate: CertificateKeeper | undefined): Promise<string> {
  const url = await app.getUrl();
  return certificate === undefined ? url : url.replace(/^http:/, 'https:');
}

function addressOf({ http, agents }: HubConfig, url: string, certificate: CertificateKeeper | undefined): KnownAddress {
  const pin = http.pinned ? certificate?.current.pin : undefined;
  return { ...agents, url: http.publicUrl ?? url, ...(pin === undefined ? {} : { pin }) };
}

async function listen(app: NestFastifyApplication, { host, port }: HubConfig['http']): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    throw new FleetError('unavailable', 'ADDRESS_UNUSABLE', `cannot listen on ${host}:${port}: ${messageOf(error)}`, {
      hint: 'Choose another FLEETWRIGHT_HOST or FLEETWRIGHT_PORT.',
    });
  }
}
