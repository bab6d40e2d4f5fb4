import { setTimeout as sleep } from 'node:timers/promises';
import { unavailable } from '../kernel/errors.js';

/** How long a change of the schema may hold everybody else up while it waits for its lock. */
export const SCHEMA_LOCK_TIMEOUT_MS = 2_000;
const ATTEMPTS = 30;
const PAUSE_MS = 500;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Changes a schema that running replicas use. A change that waits for its lock holds back every later statement, also one
 * that the transaction it waits for is itself waiting for: so it gives way after its lock timeout and comes again.
 * Throws SCHEMA_BUSY when it never gets its turn.
 */
export async function whenFree<T>(change: () => Promise<T>, pauseMs = PAUSE_MS): Promise<T> {
  for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
    try {
      return await change();
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      await sleep(pauseMs);
    }
  }
  throw unavailable(
    'SCHEMA_BUSY',
    'the schema cannot be brought up to date: other connections keep its tables locked',
    'Stop the replicas of the older version, or end what holds the locks (pg_stat_activity); nothing was changed.',
  );
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE;
}
