import { GoTyped } from '../../go-format.js';
import { GoExecutionError } from './execution-error.js';
import type { CallContext } from './function.js';
import { isMap, isTrue, type GoValue } from './values.js';

const MAX_DEPTH = 100;
const CHARACTERS_A_STEP = 8;
/** A map may be a hash table, whose members are sorted before they are written. */
const STEPS_A_MEMBER = 4;

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
  const isList = Array.isArray(value);
  const members: GoValue[] = isList ? value : Object.values(value);
  context.spend(1 + members.length * (isList ? 1 : STEPS_A_MEMBER));
  for (const member of members) weigh(member, context, depth + 1);
}

/** Whether a value is true; of a map that has to be found out by looking at its members. */
export function truth(value: GoValue, context: Pick<CallContext, 'spend'>): boolean {
  if (!isMap(value)) return isTrue(value);
  const size = Object.keys(value).length;
  context.spend(size);
  return size > 0;
}

/** What a function costs that looks no deeper than its arguments. */
export function weighShallow(value: GoValue, context: Pick<CallContext, 'spend'>): void {
  if (typeof value === 'string') weigh(value, context);
  else if (Array.isArray(value) && value.length > 0) context.spend(value.length);
}
