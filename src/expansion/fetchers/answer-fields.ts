import { isObject, own } from '../../kernel/json.js';
import { RemoteFailure } from './remote-failure.js';

/** What stands at a path of an answer; undefined where anything on the way is missing. */
export function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((found, key) => (isObject(found) ? own(found, key) : undefined), value);
}

/** Text, or empty where there is none. */
export function textAt(value: unknown, ...path: string[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}

/** Text that must be there. Throws SCM_ANSWER_INVALID. */
export function nameAt(value: unknown, ...path: string[]): string {
  const found = textAt(value, ...path);
  if (found !== '') return found;
  throw new RemoteFailure('SCM_ANSWER_INVALID', `the provider answered without ${path.join('.')}`);
}

/** A whole number as Go's int. Throws SCM_ANSWER_INVALID. */
export function integerAt(value: unknown, ...path: string[]): bigint {
  const found = at(value, ...path);
  if (typeof found === 'number' && Number.isSafeInteger(found)) return BigInt(found);
  throw new RemoteFailure('SCM_ANSWER_INVALID', `the provider answered without a number ${path.join('.')}`);
}

/** A list that must be there, or the whole answer with no path. Throws SCM_ANSWER_INVALID: silence is no empty list. */
export function listAt(value: unknown, ...path: string[]): readonly unknown[] {
  const found = at(value, ...path);
  if (Array.isArray(found)) return found;
  throw new RemoteFailure(
    'SCM_ANSWER_INVALID',
    `the provider answered without a list${path.length > 0 ? ` ${path.join('.')}` : ''}`,
  );
}

/** Texts of a list that may be missing; by `key` where it holds objects. */
export function textsAt(value: unknown, path: string, key?: string): string[] {
  const found = at(value, path);
  if (!Array.isArray(found)) return [];
  return found.map((item) => (key === undefined ? String(item) : textAt(item, key)));
}
