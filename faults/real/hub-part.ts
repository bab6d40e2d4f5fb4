import { join } from 'node:path';
import { freePort } from '../../src/database/embedded/embedded-postgres.js';
import { HubClient } from '../../src/demo/hub-client.js';
import { KeptPart } from './kept-part.js';

export interface HubPartOptions {
  folder: string;
  databaseUrl: string;
  bug: string | undefined;
}

/** The hub as a process at one address, on one database, however often it is started. */
export class HubPart {
  admin: HubClient | undefined;

  private constructor(
    readonly url: string,
    readonly process: KeptPart,
  ) {}

  static async in({ folder, databaseUrl, bug }: HubPartOptions): Promise<HubPart> {
    const port = await freePort();
    const environment = {
      DATABASE_URL: databaseUrl,
      FLEETWRIGHT_DATA_DIR: join(folder, 'hub'),
      FLEETWRIGHT_PORT: String(port),
      FLEETWRIGHT_POLL_SECONDS: '1',
      FLEETWRIGHT_LOG_LEVEL: 'warn',
    };
    const args = (skewMs: number): string[] => ['hub', String(skewMs), ...(bug === undefined ? [] : [bug])];
    return new HubPart(`http://127.0.0.1:${port}`, new KeptPart(args, environment, /^hub: \S+ (\S*)$/m));
  }

  /** The first start tells the token of the admin. */
  async isUp(): Promise<void> {
    const [, token = ''] = await this.process.isUp();
    if (token !== '') this.admin ??= new HubClient(this.url, token);
  }
}
