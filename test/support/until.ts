import { setTimeout as sleep } from 'node:timers/promises';

const LONGEST_MS = 60_000;
const EVERY_MS = 5;

/** Waits until `look` gives something; fails with what was awaited when it never does. */
export async function until<T>(look: () => T | undefined, awaited: () => string): Promise<T> {
  const deadline = performance.now() + LONGEST_MS;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`never came: ${awaited()}`);
    await sleep(EVERY_MS);
  }
}
