import type { ExpansionError } from '../expansion/expansion.js';

const RETRY_UNREADABLE_MS = 60_000;
/** The same inputs fail alike, after as much work; a change of the set or of its inputs wakes it earlier. */
const RETRY_EXHAUSTED_MS = 900_000;
const EXHAUSTED: ReadonlySet<string> = new Set([
  'TEMPLATE_TOO_LARGE',
  'TEMPLATE_TOO_SLOW',
  'RENDERED_TOO_LARGE',
  'TOO_MANY_PARAMETERS',
  'TOO_MANY_RESULTS',
]);

/** After how many milliseconds a set that failed is tried again by itself. */
export function retryAfterMs(errors: readonly ExpansionError[]): number {
  return errors.some(({ code }) => EXHAUSTED.has(code)) ? RETRY_EXHAUSTED_MS : RETRY_UNREADABLE_MS;
}
