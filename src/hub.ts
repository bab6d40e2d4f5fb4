import { ConfigError, readHubConfig } from './config/hub-config.js';
import { createHubLog } from './config/hub-log.js';
import { startHub } from './hub-process.js';
import { failureText } from './kernel/failure-text.js';

/** The hub as a process: reads its configuration, serves until it is told to stop. */
async function main(): Promise<void> {
  const config = readHubConfig();
  const logger = createHubLog(config.logLevel);
  const hub = await startHub(config, { logger });
  process.stdout.write(`fleetwright hub: ${hub.url}\n`);
  if (hub.adminToken !== undefined) {
    process.stdout.write(`first admin token, shown this once: ${hub.adminToken}\n`);
  }
  const stop = (signal: string): void => {
    logger.info({ signal }, 'hub stops');
    void hub.stop().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

try {
  await main();
} catch (error) {
  process.stderr.write(failureText('fleetwright hub', error));
  process.exit(error instanceof ConfigError ? 2 : 1);
}
