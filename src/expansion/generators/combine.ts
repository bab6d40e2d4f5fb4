import { isObject, setOwn } from '../../kernel/json.js';
import { ExpansionFailure } from '../failure.js';
import { formatGoValue } from '../go-format.js';
import { isStringMap, newParameters, stringMap, type Parameters } from '../parameters.js';

/** Every value as text, as the default mode's matrix does. */
export function stringified(parameters: Parameters): Parameters {
  const texts = newParameters();
  for (const key of Object.keys(parameters)) texts[key] = formatGoValue(parameters[key]);
  return texts;
}

/** Default mode: both sides' texts; one key with two values is an error (argocd-behaviour.md 1.4). */
export function unionOfTexts(first: Parameters, second: Parameters, path: string): Parameters {
  const union = newParameters(first);
  for (const key of Object.keys(second)) {
    const value = second[key];
    const known = union[key];
    if (known !== undefined && known !== value) {
      const message = `both generators give ${key}, as ${JSON.stringify(known)} and ${JSON.stringify(value)}`;
      throw new ExpansionFailure('MATRIX_DUPLICATE_KEY', `${message}; rename one or set pathParamPrefix`, path);
    }
    union[key] = value;
  }
  return union;
}

/** Go mode: nested maps merge, everything else of `over` wins, null and empty included (1.4, 1.5). */
export function mergedDeeply(base: Parameters, over: Parameters): Parameters {
  const merged = newParameters(base);
  for (const key of Object.keys(over)) merged[key] = mergedValue(merged[key], over[key]);
  return merged;
}

function mergedValue(base: unknown, over: unknown): unknown {
  if (!isObject(base) || !isObject(over)) return over;
  if (isStringMap(base) && isStringMap(over)) return stringMap([...Object.entries(base), ...Object.entries(over)]);
  const merged: Record<string, unknown> = {};
  for (const key of Object.keys(base)) setOwn(merged, key, base[key]);
  for (const key of Object.keys(over)) {
    setOwn(merged, key, Object.hasOwn(merged, key) ? mergedValue(merged[key], over[key]) : over[key]);
  }
  return merged;
}
