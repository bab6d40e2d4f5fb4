import { generateHistory } from './model/generate.js';
import { describeStep, type History } from './model/history.js';
import { shrink } from './model/shrink.js';
import type { Violation } from './model/checker.js';
import { runHistory } from './simulation/run-history.js';
import type { Seams } from './simulation/simulation.js';

export interface Failure {
  seed: number;
  violations: readonly Violation[];
}

export interface Totals {
  histories: number;
  steps: number;
  /** Statements, calls and messages whose order the seeds decided. */
  turns: number;
  failures: Failure[];
}

export interface SearchOptions {
  histories: number;
  seed: number;
  seams?: Seams;
  /** Ends at the first failure. */
  untilFailure?: boolean;
  onFailure?: (failure: Failure) => void;
}

/** Plays the histories of neighbouring seeds, one after the other. */
export async function search({ histories, seed, seams, untilFailure, onFailure }: SearchOptions): Promise<Totals> {
  const totals: Totals = { histories: 0, steps: 0, turns: 0, failures: [] };
  for (let next = seed; next < seed + histories; next += 1) {
    const history = generateHistory(next);
    const { violations, turns } = await runHistory(history, seams);
    totals.histories += 1;
    totals.steps += history.steps.length;
    totals.turns += turns;
    if (violations.length === 0) continue;
    const failure = { seed: next, violations };
    totals.failures.push(failure);
    onFailure?.(failure);
    if (untilFailure) break;
  }
  return totals;
}

/** The shortest history found that breaks the same rule, and what it breaks. */
export async function shrunk(
  { seed, violations }: Failure,
  seams?: Seams,
): Promise<{ history: History; text: string }> {
  const rule = violations[0]?.rule;
  const breaks = async (history: History): Promise<boolean> =>
    (await runHistory(history, seams)).violations[0]?.rule === rule;
  const history = await shrink(generateHistory(seed), breaks);
  const found = (await runHistory(history, seams)).violations;
  const lines = [
    ...history.steps.map((step) => `  ${describeStep(step)}`),
    ...found.map(({ rule: broken, message }) => `  => ${broken}: ${message}`),
  ];
  return { history, text: lines.join('\n') };
}
