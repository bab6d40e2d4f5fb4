import { join } from 'node:path';
import { stopOrphan } from '../../src/database/embedded/data-folder.js';
import { freePort } from '../../src/database/embedded/embedded-postgres.js';
import { Program } from './program.js';

/** The hub as a process, with one data folder and one address however often it is started. */
export class HubProgram {
  /** Known after the first start on a fresh database. */
  adminToken = '';
  private program: Program | undefined;

  private constructor(
    private readonly dataDir: string,
    private readonly port: number,
    private readonly databaseUrl: string,
  ) {}

  /** Without a `databaseUrl` it runs its own Postgres in `dataDir`. */
  static async in(dataDir: string, databaseUrl = ''): Promise<HubProgram> {
    return new HubProgram(dataDir, await freePort(), databaseUrl);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get isRunning(): boolean {
    return this.program?.isRunning ?? false;
  }

  /** Its warnings and errors, for a test that fails. */
  get output(): string {
    return this.program?.output ?? '';
  }

  /** Resolves when it serves. */
  async start(): Promise<void> {
    this.program = Program.start('hub.js', {
      DATABASE_URL: this.databaseUrl,
      FLEETWRIGHT_DATA_DIR: this.dataDir,
      FLEETWRIGHT_PORT: String(this.port),
      FLEETWRIGHT_POLL_SECONDS: '3600',
      FLEETWRIGHT_LOG_LEVEL: 'warn',
    });
    await this.program.says(/fleetwright hub: http/);
    if (this.adminToken === '') this.adminToken = (await this.program.says(/shown this once: (\S+)/))[1] ?? '';
  }

  /** kill -9: nothing is told or put away, and its own Postgres lives on without it. */
  async kill(): Promise<void> {
    await this.program?.end('SIGKILL');
  }

  async stop(): Promise<number | null> {
    return (await this.program?.end('SIGTERM')) ?? null;
  }

  /** Whatever state a failed test left it in. */
  async remove(): Promise<void> {
    if (this.isRunning) await this.stop();
    await stopOrphan(join(this.dataDir, 'pg18'));
  }
}
