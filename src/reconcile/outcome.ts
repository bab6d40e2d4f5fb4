/** How a reconciliation ended; the engine alone knows back-off, leases and retries. A thrown error is retried with back-off. */
export type Outcome =
  | { type: 'done' }
  | { type: 'again'; afterMs: number }
  | { type: 'wait'; reason: string; afterMs: number }
  | { type: 'stop'; reason: string };

/** Nothing left to do until an input changes. */
export const done = (): Outcome => ({ type: 'done' });

/** Went well and is worth repeating later: a poll, or the next page of a long piece of work (0 ms). */
export const again = (afterMs: number): Outcome => ({ type: 'again', afterMs });

/** Cannot go on before something outside has happened; looked at again after `afterMs` at the latest. */
export const wait = (reason: string, afterMs: number): Outcome => ({ type: 'wait', reason, afterMs });

/** Will not succeed however often it is tried: only a changed input wakes it. */
export const stop = (reason: string): Outcome => ({ type: 'stop', reason });
