import { setTimeout as sleep } from 'node:timers/promises';

const LONGEST_MS = 90_000;

/** Polls until the first of the pair is true; fails with what was awaited and the second. */
export async function eventually(awaited: string, look: () => Promise<[boolean, unknown]>): Promise<void> {
  const deadline = performance.now() + LONGEST_MS;
  for (;;) {
    const [fulfilled, seen] = await look();
    if (fulfilled) return;
    if (performance.now() > deadline)
      throw new Error(`waited in vain for ${awaited}; seen: ${JSON.stringify(seen, null, 1).slice(0, 4000)}`);
    await sleep(50);
  }
}
