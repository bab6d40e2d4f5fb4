import { GoTyped } from '../../go-format.js';
import { GoExecutionError } from './execution-error.js';
import type { CallContext } from './function.js';
import type { GoValue } from './values.js';

const MAX_DEPTH = 100;
const CHARACTERS_A_STEP = 16;

/**
 * Spends what walking over a value costs before anybody walks: shared parts count each time, and a map that a template
 * put into itself is refused as too deep.
 */
export function weigh(value: GoValue, context: Pick<CallContext, 'spend'>, depth = 0): void {
  if (typeof value === 'string') {
    if (value.length > CHARACTERS_A_STEP) context.spend(Math.ceil(value.length / CHARACTERS_A_STEP));
    return;
  }
  if (typeof value !== 'object' || value === null || value instanceof GoTyped) return;
  if (depth > MAX_DEPTH) throw new GoExecutionError(`a value nests deeper than ${MAX_DEPTH} levels`);
  const members: GoValue[] = Array.isArray(value) ? value : Object.values(value);
  context.spend(members.length + 1);
  for (const member of members) weigh(member, context, depth + 1);
}

/** What a function costs that looks no deeper than its arguments. */
export function weighShallow(value: GoValue, context: Pick<CallContext, 'spend'>): void {
  if (typeof value === 'string') weigh(value, context);
  else if (Array.isArray(value) && value.length > 0) context.spend(value.length);
}
