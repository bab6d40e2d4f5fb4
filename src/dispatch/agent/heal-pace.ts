/** Heals of one Application in a row. */
export interface HealStreak {
  streak: number;
  lastAtMs: number;
}

const FREE_HEALS = 5;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
/** As long without a heal and the streak is over. */
const QUIET_MS = 120_000;

/**
 * How long to wait before healing again. The first heals are immediate; where somebody keeps changing the object back
 * the pauses grow, so that two writers do not wear out the API server.
 */
export function healPauseMs({ streak, lastAtMs }: HealStreak, nowMs: number): number {
  if (streak < FREE_HEALS || nowMs - lastAtMs > QUIET_MS) return 0;
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(streak - FREE_HEALS, 10));
  return Math.max(0, lastAtMs + pause - nowMs);
}

export function afterHeal({ streak, lastAtMs }: HealStreak, nowMs: number): HealStreak {
  return { streak: nowMs - lastAtMs > QUIET_MS ? 1 : streak + 1, lastAtMs: nowMs };
}
