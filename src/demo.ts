import { ConfigError } from './config/hub-config.js';
import { parseOptions, USAGE } from './demo/options.js';
import { EXIT, runDemo, type ExitCode } from './demo/run-demo.js';
import { Screen } from './demo/screen.js';
import { FleetError } from './kernel/errors.js';

/** A fleet to look at: hub, Git server, virtual clusters and their agents in one process. */
async function main(screen: Screen): Promise<ExitCode> {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(USAGE);
    return EXIT.fine;
  }
  const stopping = new AbortController();
  // Repeated signals change nothing: a server that is killed while it stops would be left behind.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());
  screen.lines(['', 'Fleetwright: a fleet to look at', '']);
  return runDemo(options, screen, stopping.signal);
}

const screen = new Screen(process.stdout);
try {
  process.exit(await main(screen));
} catch (error) {
  screen.failure(error);
  const isUsage = error instanceof ConfigError || (error instanceof FleetError && error.code === 'USAGE');
  process.exit(isUsage ? EXIT.cannotStart : EXIT.failed);
}
