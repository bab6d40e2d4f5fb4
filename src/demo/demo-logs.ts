import { pino, type DestinationStream, type Logger } from 'pino';
import type { HubConfig } from '../config/hub-config.js';
import { createHubLog } from '../config/hub-log.js';

/** The logs of the hub and of every agent, in one file, so that the screen stays the newcomer's. */
export class DemoLogs {
  readonly hub: Logger;
  private readonly file: DestinationStream;

  constructor(
    path: string,
    private readonly level: HubConfig['logLevel'],
  ) {
    this.file = pino.destination({ dest: path, sync: true });
    this.hub = createHubLog(level, this.file);
  }

  ofAgent(cluster: string): Logger {
    return pino({ level: this.level, base: { process: 'agent', cluster } }, this.file);
  }
}
