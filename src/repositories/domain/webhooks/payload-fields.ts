import { isObject, own } from '../../../kernel/json.js';

/** The value at a path of own members; undefined where a level is absent or no object. */
export function valueAt(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((level, name) => (isObject(level) ? own(level, name) : undefined), value);
}

/** Text at a path; empty where there is none. */
export function textAt(value: unknown, ...path: string[]): string {
  const found = valueAt(value, ...path);
  return typeof found === 'string' ? found : '';
}

/** A list at a path; empty where there is none. */
export function listAt(value: unknown, ...path: string[]): readonly unknown[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The texts among these values that are not empty, each once. */
export function textsAmong(values: readonly unknown[]): string[] {
  return [...new Set(values.filter((value): value is string => typeof value === 'string' && value !== ''))];
}
