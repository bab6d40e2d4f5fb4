import { isObject } from '../../../kernel/json.js';
import { formatGoValue, GoTyped } from '../../go-format.js';
import { isStringMap, newParameters, ParametersList, StringList } from '../../parameters.js';

/**
 * Values of a Go template as JavaScript holds them: a bigint is Go's int, a number its float64, null a nil interface,
 * undefined an invalid value such as a missing key. Lists and objects are []any and map[string]any unless marked.
 */
export type GoValue = unknown;

/** Go's int64, which no parameter of type int takes; what sprig's arithmetic gives. */
export class Int64 extends GoTyped {
  constructor(readonly value: bigint) {
    super();
  }

  get typeName(): string {
    return 'int64';
  }

  get kind(): string {
    return this.typeName;
  }

  toString(): string {
    return String(this.value);
  }
}

/** Go's uint64, such as a version's major number. */
export class Uint64 extends Int64 {
  override get typeName(): string {
    return 'uint64';
  }
}

/** Go's byte, such as a character of text by its index. */
export class Uint8 extends Int64 {
  override get typeName(): string {
    return 'uint8';
  }
}

/** Go's []int. */
export class IntList extends Array<bigint> {}

/** Go's [][]any. */
export class ListOfLists extends Array<GoValue[]> {}

const NIL_LISTS = new WeakSet<object>();
const NIL_MAPS = new WeakSet<object>();

/** A list that Go holds as nil: it prints as an empty one, and is null in JSON. */
export function nilList<T extends GoValue[]>(list: T): T {
  NIL_LISTS.add(list);
  return list;
}

export function isNilList(list: readonly GoValue[]): boolean {
  return list.length === 0 && NIL_LISTS.has(list);
}

/** A map[string]any that Go holds as nil: what a parameter of that type is given where a value is missing. */
export function nilMap(): Record<string, unknown> {
  const map = newParameters();
  NIL_MAPS.add(map);
  return map;
}

export function isNilMap(map: object): boolean {
  return NIL_MAPS.has(map);
}

export function isMap(value: GoValue): value is Record<string, unknown> {
  return isObject(value) && !(value instanceof GoTyped);
}

export function typeNameOf(value: GoValue): string {
  if (value === null || value === undefined) return 'interface {}';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'boolean') return 'bool';
  if (value instanceof GoTyped) return value.typeName;
  if (Array.isArray(value)) return listTypeOf(value);
  if (typeof value === 'object') return isStringMap(value) ? 'map[string]string' : 'map[string]interface {}';
  return typeof value;
}

function listTypeOf(list: readonly GoValue[]): string {
  if (list instanceof StringList) return '[]string';
  if (list instanceof ParametersList) return '[]map[string]interface {}';
  if (list instanceof IntList) return '[]int';
  return list instanceof ListOfLists ? '[][]interface {}' : '[]interface {}';
}

/** text/template's truth: what is empty, zero or nil is false. */
export function isTrue(value: GoValue): boolean {
  if (value === null || value === undefined) return false;
  if (typeof value === 'string') return value !== '';
  if (typeof value === 'bigint') return value !== 0n;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'boolean') return value;
  if (value instanceof Int64) return value.value !== 0n;
  if (value instanceof GoTyped) return true;
  return Array.isArray(value) ? value.length > 0 : Object.keys(value as object).length > 0;
}

/** reflect.Kind's word for a value. */
export function kindOf(value: GoValue): string {
  if (value === null || value === undefined) return 'invalid';
  if (Array.isArray(value)) return 'slice';
  if (value instanceof GoTyped) return value.kind;
  return isMap(value) ? 'map' : typeNameOf(value);
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
