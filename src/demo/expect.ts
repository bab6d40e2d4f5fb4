import { FleetError } from '../kernel/errors.js';

/** Throws NOT_AS_EXPECTED unless it holds; `said` is the whole sentence of what was found instead. */
export function expectThat(holds: boolean, said: string): asserts holds {
  if (!holds) throw new FleetError('conflict', 'NOT_AS_EXPECTED', said);
}
