import { parseOptions, USAGE } from './options.js';
import { searchReal } from './real/search-real.js';
import { search, shrunk, type Failure } from './search.js';

const MOST_SHRUNK = 5;

/** Searches, and prints seeds, shrunk histories and totals. Answers the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === undefined) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (options.real) return searchReal(options, (text) => process.stdout.write(text));
  const started = process.cpuUsage();
  const began = performance.now();
  const totals = await search({ ...options, onFailure: tell });
  const { user, system } = process.cpuUsage(started);
  const cpuSeconds = (user + system) / 1e6;
  for (const failure of totals.failures.slice(0, MOST_SHRUNK)) {
    const { text } = await shrunk(failure);
    process.stdout.write(`seed ${failure.seed}, shrunk:\n${text}\n`);
  }
  const { histories, steps, turns, failures } = totals;
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(
    `${histories} histories of ${steps} steps, ${turns} turns: ${failures.length} failed. ` +
      `${(histories / seconds).toFixed(1)} histories/s, ${((1000 * cpuSeconds) / histories).toFixed(0)} ms of CPU each\n`,
  );
  return failures.length === 0 ? 0 : 1;
}

function tell({ seed, violations }: Failure): void {
  const [first] = violations;
  process.stdout.write(`seed ${seed} failed: ${first?.rule}: ${first?.message}\n`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n${USAGE}`);
  process.exitCode = 2;
}
