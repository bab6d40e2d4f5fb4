import { join } from 'node:path';
import { freePort } from '../../src/database/embedded/embedded-postgres.js';
import { HubClient } from '../../src/demo/hub-client.js';
import { Program } from '../../test/support/program.js';
import { PART } from './part-path.js';

export interface HubPartOptions {
  folder: string;
  databaseUrl: string;
  bug: string | undefined;
}

/** The hub as a process at one address, on one database, however often it is started. */
export class HubPart {
  admin: HubClient | undefined;
  /** What the starts before the present one said last. */
  private before = '';
  private program: Program | undefined;
  private starting: Promise<void> = Promise.resolve();

  private constructor(
    private readonly options: HubPartOptions,
    private readonly port: number,
  ) {}

  static async in(options: HubPartOptions): Promise<HubPart> {
    return new HubPart(options, await freePort());
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get output(): string {
    return `${this.before}${this.program?.output ?? ''}`;
  }

  /** False once it has ended without having been killed. */
  get isRunning(): boolean {
    return this.program?.isRunning ?? false;
  }

  /** It comes up while the caller goes on; `isUp` tells. */
  start(skewMs: number): void {
    const { folder, databaseUrl, bug } = this.options;
    const program = Program.of(PART, ['hub', String(skewMs), ...(bug === undefined ? [] : [bug])], {
      DATABASE_URL: databaseUrl,
      FLEETWRIGHT_DATA_DIR: join(folder, 'hub'),
      FLEETWRIGHT_PORT: String(this.port),
      FLEETWRIGHT_POLL_SECONDS: '1',
      FLEETWRIGHT_LOG_LEVEL: 'warn',
    });
    this.program = program;
    this.starting = program.says(/^hub: \S+ (\S*)$/m).then(([, token = '']) => {
      if (token !== '') this.admin = new HubClient(this.url, token);
    });
    this.starting.catch(() => undefined);
  }

  /** Throws where the start failed. One that was killed in its start is not up. */
  async isUp(): Promise<void> {
    await this.starting;
  }

  tell(skewMs: number): void {
    this.program?.tell(skewMs);
  }

  async kill(): Promise<void> {
    await this.program?.end('SIGKILL');
    this.before = this.output.slice(-8_000);
  }
}
