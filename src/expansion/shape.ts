import { isObject, own, setOwn } from '../kernel/json.js';
import { typeName } from './fields.js';

/** What a field of a document may hold; as much of a schema as decoding into Go's types checks. */
export type Shape =
  | { kind: 'text' | 'flag' | 'integer' | 'integer-or-text' | 'raw' }
  | { kind: 'map' | 'list'; of: Shape }
  | { kind: 'object'; fields: Readonly<Record<string, Shape>> };

export const text: Shape = { kind: 'text' };
export const flag: Shape = { kind: 'flag' };
export const integer: Shape = { kind: 'integer' };
export const integerOrText: Shape = { kind: 'integer-or-text' };
/** Any JSON, kept as it is. */
export const raw: Shape = { kind: 'raw' };
export const mapOf = (of: Shape): Shape => ({ kind: 'map', of });
export const listOf = (of: Shape): Shape => ({ kind: 'list', of });
export const object = (fields: Record<string, Shape>): Shape => ({ kind: 'object', fields });

export interface Fitting {
  /** The value as Go's types would hold it: without unknown fields and without nulls. */
  value: unknown;
  unknown: string[];
  /** Members and items that were looked at. */
  size: number;
  wrong: { path: string; message: string }[];
}

export function fit(shape: Shape, value: unknown, path: string): Fitting {
  const fitting: Fitting = { value: undefined, unknown: [], size: 0, wrong: [] };
  fitting.value = fitValue(shape, value, path, fitting);
  return fitting;
}

function fitValue(shape: Shape, value: unknown, path: string, fitting: Fitting): unknown {
  fitting.size += 1;
  if (shape.kind === 'raw') return value;
  if (value === null || value === undefined) return undefined;
  if (shape.kind === 'list' && Array.isArray(value)) {
    const empty = shape.of.kind === 'text' ? '' : {};
    return value.map((item, index) => fitValue(shape.of, item, `${path}[${index}]`, fitting) ?? empty);
  }
  if (shape.kind === 'map' && isObject(value)) {
    return fitMembers(shape.of.kind === 'text' ? withoutNulls(value) : value, () => shape.of, path, fitting);
  }
  if (shape.kind === 'object' && isObject(value)) {
    return fitMembers(value, (key) => own(shape.fields, key) as Shape | undefined, path, fitting);
  }
  if (isScalarOf(shape, value)) return value;
  fitting.wrong.push({ path, message: `${path} must be ${expectation(shape)}, it is ${typeName(value)}` });
  return undefined;
}

function fitMembers(
  members: Record<string, unknown>,
  shapeOf: (key: string) => Shape | undefined,
  path: string,
  fitting: Fitting,
): Record<string, unknown> {
  const fitted: Record<string, unknown> = {};
  for (const key of Object.keys(members)) {
    const shape = shapeOf(key);
    if (!shape) {
      fitting.unknown.push(`${path}.${key}`);
      continue;
    }
    const value = fitValue(shape, members[key], `${path}.${key}`, fitting);
    if (value !== undefined) setOwn(fitted, key, value);
  }
  return fitted;
}

/** Go keeps the key of a null and leaves its text empty. */
function withoutNulls(members: Record<string, unknown>): Record<string, unknown> {
  if (!Object.values(members).includes(null)) return members;
  return Object.fromEntries(Object.entries(members).map(([key, member]) => [key, member ?? '']));
}

function isScalarOf({ kind }: Shape, value: unknown): boolean {
  if (kind === 'text') return typeof value === 'string';
  if (kind === 'flag') return typeof value === 'boolean';
  if (kind === 'integer') return Number.isInteger(value);
  return kind === 'integer-or-text' && (Number.isInteger(value) || typeof value === 'string');
}

function expectation({ kind }: Shape): string {
  if (kind === 'flag') return 'true or false';
  if (kind === 'integer') return 'a whole number';
  if (kind === 'integer-or-text') return 'a whole number or text';
  return kind === 'text' ? 'text' : kind === 'list' ? 'a list' : 'an object';
}
