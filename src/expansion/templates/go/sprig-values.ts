import { deepEqual } from './deep-equal.js';
import type { GoFunction } from './function.js';
import { of, ofAny, ofMany, refuse, type NamedFunction } from './signatures.js';
import { isTrue, kindOf, typeNameOf, type GoValue } from './values.js';

const ofTypeName = (call: (name: string, value: GoValue) => boolean): GoFunction =>
  of(['string', 'any'], ([name, value]) => call(name as string, value));

/** Sprig's functions on values of any type. */
export const SPRIG_VALUES: readonly NamedFunction[] = [
  ['hello', of([], () => 'Hello!')],
  ['default', ofMany(['any'], ([fallback, given]) => (isTrue(given) ? given : fallback))],
  ['empty', ofAny((value) => !isTrue(value))],
  ['coalesce', ofMany([], (values) => values.find(isTrue) ?? null)],
  ['all', ofMany([], (values) => values.every(isTrue))],
  ['any', ofMany([], (values) => values.some(isTrue))],
  ['ternary', of(['any', 'any', 'bool'], ([yes, no, condition]) => (condition === true ? yes : no))],
  ['fail', of(['string'], ([message]) => refuse('fail', String(message)))],
  ['kindOf', ofAny(kindOf)],
  ['kindIs', ofTypeName((kind, value) => kind === kindOf(value))],
  ['typeOf', ofAny(typeOf)],
  ['typeIs', ofTypeName((type, value) => type === typeOf(value))],
  ['typeIsLike', ofTypeName((type, value) => type === typeOf(value) || `*${type}` === typeOf(value))],
  ['deepEqual', of(['any', 'any'], ([left, right]) => deepEqual(left, right))],
];

function typeOf(value: GoValue): string {
  return value === null ? '<nil>' : typeNameOf(value);
}
