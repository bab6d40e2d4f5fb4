import { setTimeout as sleep } from 'node:timers/promises';
import { FleetError } from '../kernel/errors.js';

export interface Awaited<T> {
  /** What should come true, for the message when it does not: `every cluster runs the new image`. */
  what: string;
  /** Undefined means not yet. */
  look: () => T | undefined | Promise<T | undefined>;
  /** What stands in the way; asked once the time is up. */
  explain?: () => string | Promise<string>;
  seconds: number;
  /** Time between two looks, 50 unless said. */
  everyMs?: number;
  signal: AbortSignal;
}

/** Looks again and again until something is there. Throws NOT_REACHED, with what stands in the way, when time is up. */
export async function awaitCondition<T>(awaited: Awaited<T>): Promise<T> {
  const { what, look, explain, seconds, everyMs = 50, signal } = awaited;
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) break;
    await sleep(everyMs, undefined, { signal });
  }
  const reasons = (await explain?.()) ?? '';
  throw new FleetError('unavailable', 'NOT_REACHED', `after ${seconds} s not yet: ${what}${reasons && `\n${reasons}`}`);
}
