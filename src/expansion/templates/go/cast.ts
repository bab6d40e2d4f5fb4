import { parseNumber } from './literals.js';
import { wholeOf, type GoValue } from './values.js';

const LEAST = -(2n ** 63n);

/** Sprig's lenient conversion to int64: what is no number is 0. */
export function toWhole(value: GoValue): bigint {
  const whole = wholeOf(value);
  if (whole !== undefined) return whole;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number') return truncated(value);
  if (typeof value !== 'string') return 0n;
  const parsed = parseNumber(value.replace(/\.0+$/, ''));
  return typeof parsed === 'bigint' ? parsed : 0n;
}

/** What amd64 makes of a float that no int64 holds is the least int64. */
function truncated(value: number): bigint {
  const isHeld = value >= -(2 ** 63) && value < 2 ** 63;
  return isHeld ? BigInt(Math.trunc(value)) : LEAST;
}

const DIGITS = '[0-9](?:_?[0-9])*';
const DECIMAL = new RegExp(`^[-+]?(?:${DIGITS}\\.?(?:${DIGITS})?|\\.${DIGITS})(?:[eE][-+]?${DIGITS})?$`);
const INFINITE = /^([-+]?)inf(?:inity)?$/i;
const LONGEST_NUMBER = 400;

/** Sprig's lenient conversion to float64: what is no number is 0. */
export function toFloat(value: GoValue): number {
  if (typeof value === 'number') return value;
  const whole = wholeOf(value);
  if (whole !== undefined) return Number(whole);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string' || value.length > LONGEST_NUMBER) return 0;
  if (DECIMAL.test(value)) return finite(Number(value.replaceAll('_', '')));
  if (/^nan$/i.test(value)) return Number.NaN;
  const infinite = INFINITE.exec(value);
  if (!infinite) return 0;
  return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** A number too large is an error to Go, and so 0. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
