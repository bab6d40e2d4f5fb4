import { generateRealHistory } from '../model/generate.js';
import { describeStep, type History } from '../model/history.js';
import type { Options } from '../options.js';
import { HubDatabase } from './hub-database.js';
import { runRealHistory, type RealVerdict } from './run-real-history.js';

/** Plays the histories of neighbouring seeds, and tells each. Answers the exit code. */
export async function searchReal(
  { histories, seed, plant }: Pick<Options, 'histories' | 'seed' | 'plant'>,
  write: (text: string) => void,
): Promise<number> {
  const database = await HubDatabase.start();
  const began = performance.now();
  let failures = 0;
  try {
    for (let next = seed; next < seed + histories; next += 1) {
      const history = generateRealHistory(next);
      const since = performance.now();
      const verdict = await runRealHistory(history, database, plant);
      const seconds = ((performance.now() - since) / 1000).toFixed(1);
      if (verdict.violations.length > 0) failures += 1;
      write(verdict.violations.length > 0 ? told(history, verdict, plant) : `seed ${next} holds: ${seconds} s\n`);
    }
  } finally {
    await database.stop();
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  write(`${histories} histories with real parts: ${failures} failed. ${seconds} s\n`);
  return failures === 0 ? 0 : 1;
}

function told({ seed, steps }: History, { violations, output }: RealVerdict, plant: string | undefined): string {
  const planted = plant === undefined ? '' : ` --plant ${plant}`;
  const lines = [
    `seed ${seed} failed; again: npm run faults -- --real --histories 1 --seed ${seed}${planted}`,
    ...steps.map((step) => `  ${describeStep(step)}`),
    ...violations.map(({ rule, message }) => `  => ${rule}: ${message}`),
    output,
  ];
  return `${lines.join('\n')}\n`;
}
