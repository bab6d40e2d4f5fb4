export interface BackoffLimits {
  firstMs: number;
  longestMs: number;
}

/**
 * How long to wait before attempt `failures + 1`: doubled each time, capped, then half of it at random, so that many
 * waiters do not come back together. `random` gives a number from 0 to 1.
 */
export function backoffMs(failures: number, { firstMs, longestMs }: BackoffLimits, random: () => number): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(Math.max(failures - 1, 0), 30));
  return Math.round(full / 2 + (full / 2) * random());
}
