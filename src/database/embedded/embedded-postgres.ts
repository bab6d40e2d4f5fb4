import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import type { Log } from '../../kernel/log.js';
import { SurvivingClient } from '../surviving-client.js';
import { refuseOtherMajor, stopOrphan } from './data-folder.js';
import { KeptServer } from './kept-server.js';
import { serverFolder } from './server-folder.js';
import {
  bundledBinaries,
  POSTGRES_ENVIRONMENT,
  POSTGRES_MAJOR,
  reachableBinaries,
  unprivilegedUser,
  type Unprivileged,
} from './postgres-binaries.js';

export interface EmbeddedPostgres {
  /** Connection URL, password included. */
  url: string;
  pid: number;
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  dataDir: string;
  /** Server settings on the command line, such as `fsync: 'off'` in tests. */
  settings?: Record<string, string>;
  port?: number;
  /** Starts a server that dies again, on the same port, and says so here. */
  keepRunning?: Log;
}

interface Layout {
  native: string;
  pgdata: string;
  user: Unprivileged;
  password: string;
}

const DATABASE = 'fleetwright';
const ROLE = 'fleetwright';
const READY_TIMEOUT_MS = 60_000;

/**
 * A real Postgres on loopback, made on first start and kept in `dataDir`, which must be the caller's alone: a server left
 * over by a killed hub is stopped first. The caller stops it after its pool is closed.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const layout = prepareFolder(path.resolve(options.dataDir));
  await stopOrphan(layout.pgdata);
  const port = options.port ?? (await freePort());
  const launchServer = (): Promise<ChildProcess> => launch(layout, port, options.settings ?? {});
  const server = await KeptServer.start({ launch: launchServer, log: options.keepRunning });
  const stopOnExit = (): void => server.interrupt();
  process.once('exit', stopOnExit);
  const url = (database: string) => `postgres://${ROLE}:${layout.password}@127.0.0.1:${port}/${database}`;
  await ensureDatabase(url('postgres'));
  return {
    url: url(DATABASE),
    pid: server.pid,
    stop: async () => {
      process.off('exit', stopOnExit);
      await server.stop();
    },
  };
}

function prepareFolder(dataDir: string): Layout {
  const native = bundledBinaries();
  if (native === undefined) {
    throw new Error(
      `no bundled Postgres for ${process.platform}-${process.arch}: set DATABASE_URL to a server of yours`,
    );
  }
  const user = unprivilegedUser();
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  const folder = serverFolder(dataDir, user);
  refuseOtherMajor(folder, POSTGRES_MAJOR);
  const pgdata = path.join(folder, `pg${POSTGRES_MAJOR}`);
  if (user.uid !== undefined) fs.chmodSync(folder, 0o711);
  const layout = { native: reachableBinaries(native, folder, user), pgdata, user, password: password(dataDir) };
  if (!fs.existsSync(path.join(pgdata, 'PG_VERSION'))) initialise(layout, folder);
  // A volume's mount may have widened it (fsGroup), and Postgres would refuse to start.
  fs.chmodSync(pgdata, 0o700);
  return layout;
}

function password(dataDir: string): string {
  const file = path.join(dataDir, 'pg.password');
  if (!fs.existsSync(file)) fs.writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return fs.readFileSync(file, 'utf8').trim();
}

/** Under another name until it is whole: initdb that is killed half-way would leave what looks like a database. */
function initialise({ native, pgdata, user, password }: Layout, dataDir: string): void {
  const partial = `${pgdata}.new`;
  fs.rmSync(partial, { recursive: true, force: true });
  fs.mkdirSync(partial, { mode: 0o700 });
  if (user.uid !== undefined && user.gid !== undefined) fs.chownSync(partial, user.uid, user.gid);
  const passwordFile = path.join(dataDir, '.initdb-password');
  fs.writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) fs.chownSync(passwordFile, user.uid, user.gid);
  const locale = ['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['-U', ROLE, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  const made = spawnSync(path.join(native, 'bin', 'initdb'), ['-D', partial, ...access, ...locale], {
    ...user,
    env: POSTGRES_ENVIRONMENT,
    encoding: 'utf8',
  });
  fs.rmSync(passwordFile, { force: true });
  if (made.status === 0) return fs.renameSync(partial, pgdata);
  fs.rmSync(partial, { recursive: true, force: true });
  throw new Error(`initdb failed in ${partial}: ${made.stderr || String(made.error)}`);
}

function launch(layout: Layout, port: number, extra: Record<string, string>): Promise<ChildProcess> {
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '80', ...extra };
  const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const child = spawn(
    path.join(layout.native, 'bin', 'postgres'),
    ['-D', layout.pgdata, '-p', String(port), ...flags],
    {
      ...layout.user,
      env: POSTGRES_ENVIRONMENT,
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true, // its own session: Ctrl-C must not stop it before the hub has closed its pool
    },
  );
  return untilReady(child);
}

function untilReady(child: ChildProcess): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    let log = '';
    const give = (outcome: () => void) => {
      clearTimeout(timer);
      outcome();
    };
    const timer = setTimeout(
      () => reject(new Error(`embedded Postgres is not ready after 60 s\n${log}`)),
      READY_TIMEOUT_MS,
    );
    child.once('error', (error) => give(() => reject(error)));
    child.once('exit', (code) => give(() => reject(new Error(`embedded Postgres exited with ${code}\n${log}`))));
    const read = (chunk: Buffer): void => {
      log = (log + chunk.toString()).slice(-4000);
      if (!log.includes('ready to accept connections')) return;
      // Once only: what the server says while it stops must not let go of it again.
      child.stderr?.off('data', read).resume();
      child.unref();
      give(() => resolve(child));
    };
    child.stderr?.on('data', read);
  });
}

async function ensureDatabase(adminUrl: string): Promise<void> {
  const client = new SurvivingClient({ connectionString: adminUrl });
  await client.connect();
  const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
  if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(DATABASE)}`);
  await client.end();
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
    probe.on('error', reject);
  });
}
