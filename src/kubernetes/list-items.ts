import { invalid } from '../kernel/errors.js';
import { isObject, own } from '../kernel/json.js';
import { itemElement, memberElement } from './field-set.js';
import type { MergeRules } from './merge-rules.js';

/** A list by the names of the fields that lead to it, and the rules of its kind. */
export interface ListPlace {
  rules: MergeRules;
  path: readonly string[];
}

/** The element that names an item among its siblings: by its keys, or by its value in a set. */
export function elementOf(item: unknown, keys: readonly string[] | 'set', { rules, path }: ListPlace): string {
  if (keys === 'set') return memberElement(item);
  if (!isObject(item)) throw keyFault(path, 'items must be objects');
  const named: Record<string, unknown> = {};
  for (const key of keys) {
    const value = own(item, key) ?? rules.keyDefault(path, key);
    if (value === undefined || value === null) throw keyFault(path, `an item omits the key field "${key}"`);
    named[key] = value;
  }
  return itemElement(named);
}

/** Items by element, in order. A repeated key is refused: merging would lose one of them. */
export function itemsByElement(
  list: readonly unknown[],
  keys: readonly string[] | 'set',
  place: ListPlace,
): Map<string, unknown> {
  const items = new Map<string, unknown>();
  for (const item of list) {
    const element = elementOf(item, keys, place);
    if (items.has(element)) throw keyFault(place.path, `duplicate entries for key ${element.slice(2)}`);
    items.set(element, item);
  }
  return items;
}

function keyFault(path: readonly string[], message: string) {
  const where = `.${path.join('.')}`;
  return invalid('LIST_KEYS', `${where}: ${message}`, [{ path: where, message }]);
}
