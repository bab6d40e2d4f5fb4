import { isObject } from '../kernel/json.js';
import { formatGoValue } from './go-format.js';

/** What a generator gives and a template reads. Nothing is inherited, so a parameter may bear any name. */
export type Parameters = Record<string, unknown>;

/** An empty prototype: V8 keeps objects with none at all as hash tables, several times the size. */
const NO_MEMBERS = Object.freeze(Object.create(null) as object);

export function newParameters(from: object = {}): Parameters {
  return Object.assign(Object.create(NO_MEMBERS), from) as Parameters;
}

/**
 * Go's map[string]string, told apart from map[string]any because Go templates and mergo treat them differently
 * (argocd-behaviour.md 1.5, 2.3). An ordinary object in every other respect.
 */
const STRING_MAP = Object.freeze(Object.create(null) as object);

export function stringMap(entries: Iterable<readonly [string, string]>): Record<string, string> {
  const map = Object.create(STRING_MAP) as Record<string, string>;
  for (const [key, value] of entries) map[key] = value;
  return map;
}

export function isStringMap(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.getPrototypeOf(value) === STRING_MAP;
}

/** Go's []string: an opaque leaf for post-selectors, an ordinary list for templates. */
export class StringList extends Array<string> {}

/** Go's []map[string]any, as a flat list of clusters is: an opaque leaf too. */
export class ParametersList extends Array<Parameters> {}

/**
 * One level of dotted keys with every leaf as text (argocd-behaviour.md 1.0.5): list items by index; empty objects and
 * lists vanish. `spend` is told the work of each leaf: keys repeat all that holds them, so that they may grow long.
 */
export function flattenParameters(value: object, spend: (units: number) => void): Record<string, string> {
  const flat = Object.create(null) as Record<string, string>;
  flattenInto(value, '', { flat, spend });
  return flat;
}

const CHARACTERS_A_UNIT = 16;
/** Names that repeat so much text in each of many leaves are hostile, and pay for every character. */
const LONG_NAME = 4_096;

interface Flattening {
  flat: Record<string, string>;
  spend: (units: number) => void;
}

/** `prefix` ends with the dot that joins. */
function flattenInto(value: object, prefix: string, into: Flattening): void {
  for (const [key, member] of Object.entries(value)) {
    const length = prefix.length + key.length;
    into.spend(length > LONG_NAME ? length : 1 + length / CHARACTERS_A_UNIT);
    if (isBranch(member)) flattenInto(member, `${prefix}${key}.`, into);
    else into.flat[prefix + key] = formatGoValue(member);
  }
}

function isBranch(member: unknown): member is object {
  if (typeof member !== 'object' || member === null) return false;
  return !(member instanceof StringList || member instanceof ParametersList);
}
