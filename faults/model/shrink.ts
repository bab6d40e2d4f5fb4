import type { History, Step } from './history.js';

/**
 * A shorter history that fails as well: takes out halves, quarters, single steps, as long as `fails` says that what is
 * left still does. Tries at most `budget` histories.
 */
export async function shrink(
  history: History,
  fails: (history: History) => Promise<boolean>,
  budget = 300,
): Promise<History> {
  let best = history;
  let tries = 0;
  for (let size = Math.ceil(best.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < best.steps.length && tries < budget;) {
      const steps: Step[] = [...best.steps.slice(0, start), ...best.steps.slice(start + size)];
      const candidate = { ...best, steps };
      tries += 1;
      if (await fails(candidate)) best = candidate;
      else start += size;
    }
  }
  return best;
}
