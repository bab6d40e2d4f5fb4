import { RE2JS } from 're2js';
import { canonicalJson, isObject, jsonEqual } from '../../../kernel/json.js';
import type { Comparison } from './parse-jq.js';

/** What fails at run time in jq too, such as a member of a text. */
export class JqFailure extends Error {}

export function jqFailure(reason: string): never {
  throw new JqFailure(reason);
}

/** Functions of the value alone. */
export const JQ_UNARY = {
  not: (value: unknown): unknown => !isTrue(value),
  type: kindOf,
  length: lengthOf,
  tostring: (value: unknown) => (typeof value === 'string' ? value : canonicalJson(value)),
  ascii_downcase: (value: unknown) => textOf(value).replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
} as const;

/** Functions of the value and one argument. */
export const JQ_BINARY = {
  has: hasMember,
  contains: containsValue,
  startswith: (value: unknown, start: unknown) => textOf(value).startsWith(textOf(start)),
  endswith: (value: unknown, end: unknown) => textOf(value).endsWith(textOf(end)),
  test: (value: unknown, pattern: unknown) => matches(textOf(value), textOf(pattern)),
} as const;

/** Everything is true but false and null. */
export function isTrue(value: unknown): boolean {
  return value !== false && value !== null && value !== undefined;
}

export function compareValues(left: unknown, by: Comparison, right: unknown): boolean {
  if (by === '==') return jsonEqual(left, right);
  if (by === '!=') return !jsonEqual(left, right);
  const order = orderOf(left, right);
  if (by === '<') return order < 0;
  if (by === '<=') return order <= 0;
  return by === '>' ? order > 0 : order >= 0;
}

const KINDS = ['null', 'boolean', 'number', 'string', 'array', 'object'];

/** jq orders values of different kinds by kind. */
function orderOf(left: unknown, right: unknown): number {
  const kinds = KINDS.indexOf(kindOf(left)) - KINDS.indexOf(kindOf(right));
  if (kinds !== 0 || jsonEqual(left, right)) return kinds;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const [one = '', other = ''] = [left, right].map((value) =>
    typeof value === 'string' ? value : canonicalJson(value),
  );
  return one < other ? -1 : 1;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function lengthOf(value: unknown): number {
  if (value === null || value === undefined) return 0;
  if (typeof value === 'string') return [...value].length;
  if (typeof value === 'number') return Math.abs(value);
  if (Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : jqFailure('has no length');
}

function hasMember(value: unknown, key: unknown): boolean {
  if (Array.isArray(value) && typeof key === 'number') return key >= 0 && key < value.length;
  if (isObject(value) && typeof key === 'string') return Object.hasOwn(value, key);
  return jqFailure('cannot have such a member');
}

function containsValue(whole: unknown, part: unknown): boolean {
  if (typeof whole === 'string' && typeof part === 'string') return whole.includes(part);
  if (Array.isArray(whole) && Array.isArray(part))
    return part.every((item) => whole.some((each) => kindOf(each) === kindOf(item) && containsValue(each, item)));
  if (isObject(whole) && isObject(part))
    return Object.keys(part).every((key) => Object.hasOwn(whole, key) && containsValue(whole[key], part[key]));
  return kindOf(whole) === kindOf(part) ? jsonEqual(whole, part) : jqFailure('cannot contain that');
}

/** Users' patterns run on RE2's rules, as they do in Go. */
function matches(text: string, pattern: string): boolean {
  try {
    return RE2JS.compile(pattern).matcher(text).find();
  } catch {
    return jqFailure('not a regular expression');
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : jqFailure('not a text');
}
