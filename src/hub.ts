import { ConfigError, readHubConfig } from './config/hub-config.js';
import { createHubLog } from './config/hub-log.js';
import { startHub } from './hub-process.js';
import { failureText } from './kernel/failure-text.js';
import { stopOnSignals } from './stop-on-signals.js';

/** The hub as a process: reads its configuration, serves until it is told to stop. */
async function main(): Promise<void> {
  const config = readHubConfig();
  const logger = createHubLog(config.logLevel);
  const stopWith = stopOnSignals(logger, 'hub');
  const hub = await startHub(config, { logger });
  stopWith(() => hub.stop());
  process.stdout.write(`fleetwright hub: ${hub.url}\n`);
  if (hub.adminToken !== undefined) {
    process.stdout.write(`first admin token, shown this once: ${hub.adminToken}\n`);
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(failureText('fleetwright hub', error));
  process.exit(error instanceof ConfigError ? 2 : 1);
}
