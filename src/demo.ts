import { ConfigError } from './config/hub-config.js';
import { parseOptions, USAGE } from './demo/options.js';
import { EXIT, runDemo, type ExitCode } from './demo/run-demo.js';
import { Screen } from './demo/screen.js';
import { FleetError } from './kernel/errors.js';

const LONGEST_STOP_MS = 20_000;

/** A fleet to look at: hub, Git server, virtual clusters and their agents in one process. */
async function main(screen: Screen): Promise<ExitCode> {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(USAGE);
    return EXIT.fine;
  }
  const stopping = stopOnSignals();
  screen.lines(['', 'Fleetwright: a fleet to look at', '']);
  return runDemo(options, screen, stopping);
}

/** Repeated signals change nothing, a stop that hangs does not hold the terminal for ever. */
function stopOnSignals(): AbortSignal {
  const stopping = new AbortController();
  const stop = (): void => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    setTimeout(() => process.exit(EXIT.failed), LONGEST_STOP_MS).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  return stopping.signal;
}

const screen = new Screen(process.stdout);
try {
  process.exit(await main(screen));
} catch (error) {
  screen.failure(error);
  const isUsage = error instanceof ConfigError || (error instanceof FleetError && error.code === 'USAGE');
  process.exit(isUsage ? EXIT.cannotStart : EXIT.failed);
}
