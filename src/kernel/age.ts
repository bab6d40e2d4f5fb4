/**
 * Milliseconds since then. What lies ahead was noted by a clock that was set back since, and may be of any age: it counts
 * as older than anything, so that nobody waits, or trusts what is kept, until the clock has caught up.
 */
export function ageMs(atMs: number, nowMs: number): number {
  return nowMs >= atMs ? nowMs - atMs : Infinity;
}
