import { GoTyped } from '../../go-format.js';
import { isMap, isNilList, isNilMap, typeNameOf, type GoValue } from './values.js';

/** reflect.DeepEqual: types count too, so 1 and 1.0 differ. The caller has weighed both values. */
export function deepEqual(left: GoValue, right: GoValue): boolean {
  if (typeNameOf(left) !== typeNameOf(right)) return false;
  if (Array.isArray(left) && Array.isArray(right)) {
    if (left.length !== right.length || isNilList(left) !== isNilList(right)) return false;
    return left.every((item, index) => deepEqual(item, right[index]));
  }
  if (isMap(left) && isMap(right)) return equalMaps(left, right);
  if (left instanceof GoTyped && right instanceof GoTyped) return String(left) === String(right);
  return left === right || (left == null && right == null);
}

function equalMaps(left: Record<string, unknown>, right: Record<string, unknown>): boolean {
  if (isNilMap(left) !== isNilMap(right)) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && deepEqual(left[key], right[key]));
}
