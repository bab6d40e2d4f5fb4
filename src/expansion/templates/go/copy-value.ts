import { isStringMap, newParameters, stringMap } from '../../parameters.js';
import { isMap, type GoValue } from './values.js';

/** A deep copy of the same Go types; the caller has weighed the value. */
export function copyValue(value: GoValue): GoValue {
  if (Array.isArray(value)) return value.map(copyValue);
  if (!isMap(value)) return value;
  if (isStringMap(value)) return stringMap(Object.entries(value));
  const copy = newParameters();
  for (const key of Object.keys(value)) copy[key] = copyValue(value[key]);
  return copy;
}
