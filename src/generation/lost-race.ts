import { FleetError } from '../kernel/errors.js';

const CODES: ReadonlySet<string> = new Set(['STALE_PLAN', 'CONFLICT', 'ALREADY_EXISTS']);

/** Somebody changed what a plan had read, or took a name it wanted: it is made again from the present state. */
export function isLostRace(error: unknown): boolean {
  return error instanceof FleetError && CODES.has(error.code);
}
