import { parseNumber } from './literals.js';
import { wholeOf, type GoValue } from './values.js';

/** Sprig's lenient conversion to int64: what is no number is 0. */
export function toWhole(value: GoValue): bigint {
  const whole = wholeOf(value);
  if (whole !== undefined) return whole;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number') return Number.isFinite(value) ? BigInt.asIntN(64, BigInt(Math.trunc(value))) : 0n;
  if (typeof value !== 'string') return 0n;
  const parsed = parseNumber(value.replace(/\.0*$/, ''));
  return typeof parsed === 'bigint' ? parsed : 0n;
}
