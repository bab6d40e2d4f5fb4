import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../src/database/embedded/embedded-postgres.js';
import { HubClient } from '../../src/demo/hub-client.js';
import type { BenchDatabase } from './bench-database.js';

const HUB = join(import.meta.dirname, '../../src/hub.js');
const COLLECTABLE = ['--expose-gc', '--import', join(import.meta.dirname, 'collect-on-signal.js')];

interface HubOptions {
  /** An admin's. */
  token?: string;
  /** All unless said. */
  roles?: string;
  /** Whether `collectGarbage` may be asked. */
  collectable?: boolean;
}

/** The hub as users start it: a process of its own with every role. */
export class HubProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly pid: number,
    readonly admin: HubClient,
  ) {}

  /** Resolves when it serves. A database that has a token already needs it told. */
  static async start(
    { url, folder }: BenchDatabase,
    { token, roles = '', collectable = false }: HubOptions = {},
  ): Promise<HubProcess> {
    const port = await freePort();
    const environment = {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      DATABASE_URL: url,
      FLEETWRIGHT_DATA_DIR: folder,
      FLEETWRIGHT_PORT: String(port),
      FLEETWRIGHT_ROLES: roles,
      FLEETWRIGHT_POLL_SECONDS: '3600',
      FLEETWRIGHT_LOG_LEVEL: 'warn',
    };
    const flags = collectable ? COLLECTABLE : [];
    const child = spawn(process.execPath, [...flags, HUB], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    const log = createWriteStream(join(folder, 'hub.log'), { flags: 'a' });
    child.stderr.pipe(log);
    const said = await untilServing(child, token === undefined);
    const secret = token ?? /shown this once: (\S+)/.exec(said)?.[1] ?? '';
    return new HubProcess(child, child.pid ?? 0, new HubClient(`http://127.0.0.1:${port}`, secret));
  }

  /** Takes effect a moment later. */
  collectGarbage(): void {
    this.child.kill('SIGUSR2');
  }

  async stop(): Promise<void> {
    await this.admin.close();
    if (this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
  }
}

function untilServing(child: ChildProcess, wantsToken: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(wantsToken ? 'shown this once' : 'fleetwright hub: http')) resolve(said);
    });
    child.once('exit', (code) => reject(new Error(`the hub ended with ${code} before it served`)));
  });
}
