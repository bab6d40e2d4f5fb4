import { generateRealHistory } from '../model/generate.js';
import { describeStep, type History } from '../model/history.js';
import type { Options } from '../options.js';
import { HubDatabase } from './hub-database.js';
import { plantedHistory } from './planted-histories.js';
import { runRealHistory, type RealVerdict } from './run-real-history.js';

/** Plays the histories, and tells each. Answers the exit code. */
export async function searchReal(options: Options, write: (text: string) => void): Promise<number> {
  const { plant } = options;
  const histories = historiesOf(options);
  const database = await HubDatabase.start();
  // Hub and agents end with this process; the Postgres would not.
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => void database.stop().then(() => process.exit(1)));
  const began = performance.now();
  let failures = 0;
  try {
    for (const history of histories) {
      const since = performance.now();
      const verdict = await runRealHistory(history, database, plant);
      const seconds = ((performance.now() - since) / 1000).toFixed(1);
      if (verdict.violations.length > 0) failures += 1;
      write(
        verdict.violations.length > 0 ? told(history, verdict, options) : `seed ${history.seed} holds: ${seconds} s\n`,
      );
    }
  } finally {
    await database.stop();
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  write(`${histories.length} histories with real parts: ${failures} failed. ${seconds} s\n`);
  return failures === 0 ? 0 : 1;
}

function historiesOf({ plant, isSeedOpen, seed, histories }: Options): History[] {
  if (plant && isSeedOpen) return [plantedHistory(plant)];
  return Array.from({ length: histories }, (_, index) => generateRealHistory(seed + index));
}

function told({ seed, steps }: History, { violations, output }: RealVerdict, { plant, isSeedOpen }: Options): string {
  const again = [
    ...(plant && isSeedOpen ? [] : [`--histories 1 --seed ${seed}`]),
    ...(plant === undefined ? [] : [`--plant ${plant}`]),
  ];
  const lines = [
    `seed ${seed} failed; again: npm run faults -- --real ${again.join(' ')}`,
    ...steps.map((step) => `  ${describeStep(step)}`),
    ...violations.map(({ rule, message }) => `  => ${rule}: ${message}`),
    output,
  ];
  return `${lines.join('\n')}\n`;
}
