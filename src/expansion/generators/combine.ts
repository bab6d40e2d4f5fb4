import { isObject, setOwn } from '../../kernel/json.js';
import { ExpansionFailure } from '../failure.js';
import { formatGoValue } from '../go-format.js';
import { isStringMap, newParameters, stringMap, type Parameters } from '../parameters.js';

/** Told how many parameters are about to be copied. */
export type Spend = (units: number) => void;

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
export function mergedDeeply(base: Parameters, over: Parameters, spend: Spend): Parameters {
  const merged = newParameters(base);
  const keys = Object.keys(over);
  spend(Object.keys(base).length + keys.length);
  for (const key of keys) merged[key] = mergedValue(merged[key], over[key], spend);
  return merged;
}

function mergedValue(base: unknown, over: unknown, spend: Spend): unknown {
  if (!isObject(base) || !isObject(over)) return over;
  spend(Object.keys(base).length + Object.keys(over).length);
  if (isStringMap(base) && isStringMap(over)) return stringMap([...Object.entries(base), ...Object.entries(over)]);
  const merged: Record<string, unknown> = {};
  for (const key of Object.keys(base)) setOwn(merged, key, base[key]);
  for (const key of Object.keys(over)) {
    setOwn(merged, key, Object.hasOwn(merged, key) ? mergedValue(merged[key], over[key], spend) : over[key]);
  }
  return merged;
}
