import { isObject } from '../../../kernel/json.js';
import { formatGoValue } from '../../go-format.js';
import { isStringMap, StringList } from '../../parameters.js';

/**
 * Values of a Go template as JavaScript holds them: a bigint is Go's int, a number its float64, null a nil interface,
 * undefined an invalid value such as a missing key. Lists and objects are []any and map[string]any unless marked.
 */
export type GoValue = unknown;

/** Go's int64, which no parameter of type int takes; what sprig's arithmetic gives. */
export class Int64 {
  constructor(readonly value: bigint) {}

  toString(): string {
    return String(this.value);
  }
}

export function isMap(value: GoValue): value is Record<string, unknown> {
  return isObject(value) && !(value instanceof Int64);
}

export function typeNameOf(value: GoValue): string {
  if (value === null || value === undefined) return 'interface {}';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'boolean') return 'bool';
  if (value instanceof Int64) return 'int64';
  if (value instanceof StringList) return '[]string';
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'object') return isStringMap(value) ? 'map[string]string' : 'map[string]interface {}';
  return typeof value;
}

/** text/template's truth: what is empty, zero or nil is false. */
export function isTrue(value: GoValue): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value === 'string') return value !== '';
  if (typeof value === 'bigint') return value !== 0n;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'boolean') return value;
  if (value instanceof Int64) return value.value !== 0n;
  return Array.isArray(value) ? value.length > 0 : Object.keys(value as object).length > 0;
}

/** What an action prints. */
export function printed(value: GoValue): string {
  return value === undefined ? '<no value>' : formatGoValue(value);
}

/** Whole number of an int or int64. */
export function wholeOf(value: GoValue): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return value instanceof Int64 ? value.value : undefined;
}
