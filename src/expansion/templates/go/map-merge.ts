import { isStringMap } from '../../parameters.js';
import { GoExecutionError } from './execution-error.js';
import { isMap, isTrue, type GoValue } from './values.js';

type Fields = Record<string, GoValue>;

/**
 * mergo's merge of maps into `target`, in place: what is empty there is filled, and with `overwrites` what is there is
 * replaced too; maps on both sides merge. The caller has weighed both.
 */
export function mergeInto(target: Fields, source: Fields, overwrites: boolean): void {
  const wasEmpty = Object.keys(target).length === 0;
  for (const key of Object.keys(source)) {
    const member = source[key];
    const present = Object.hasOwn(target, key) ? target[key] : undefined;
    if (member === null) {
      if (overwrites) put(target, key, null);
    } else if (isMap(member) && isMap(present)) {
      mergeInto(present, member, overwrites);
      if (!isTrue(present)) put(target, key, member);
    } else if (overwrites || !isTrue(present) || (Array.isArray(member) && wasEmpty)) {
      put(target, key, member);
    }
  }
}

/** A map of texts takes texts only: Go's reflection panics at anything else. */
function put(target: Fields, key: string, value: GoValue): void {
  if (isStringMap(target) && typeof value !== 'string') {
    throw new GoExecutionError(`cannot merge "${key}" into a map[string]string`);
  }
  target[key] = value;
}
