import { isObject, own, setOwn } from '../kernel/json.js';
import { childOf, fieldElement, hasSelf, type FieldSet } from './field-set.js';
import { elementOf, itemsByElement } from './list-items.js';
import type { MergeRules } from './merge-rules.js';

type Path = readonly string[];

/**
 * `live` with every field of `config` put over it: maps merge by field, keyed lists by item, everything else is
 * replaced. What does not change is shared with `live`, never copied, and neither input is touched. Keyed lists of
 * `config` are checked wherever they stand, even where `live` has nothing: throws LIST_KEYS.
 */
export function mergeStructured(live: unknown, config: unknown, rules: MergeRules, path: Path = []): unknown {
  if (isObject(config)) {
    return rules.isAtomicMap(path) ? config : mergeMap(isObject(live) ? live : config, config, rules, path);
  }
  if (!Array.isArray(config)) return config;
  const keys = rules.listKeys(path);
  return keys === undefined ? config : mergeList(Array.isArray(live) ? live : config, config, { keys, rules, path });
}

function mergeMap(
  live: Record<string, unknown>,
  config: Record<string, unknown>,
  rules: MergeRules,
  path: Path,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...live };
  for (const [name, value] of Object.entries(config)) {
    setOwn(merged, name, mergeStructured(own(live, name), value, rules, [...path, name]));
  }
  return merged;
}

interface ListMerge {
  keys: readonly string[] | 'set';
  rules: MergeRules;
  path: Path;
}

/** The applied order wins; an item that only `live` has stays behind the same applied items as before, where it can. */
function mergeList(live: readonly unknown[], config: readonly unknown[], { keys, rules, path }: ListMerge): unknown[] {
  const wanted = itemsByElement(config, keys, path);
  const current = live.map((item) => [elementOf(item, keys, path), item] as const);
  const found = new Map(current);
  const merged: unknown[] = [];
  const waiting = [...wanted.keys()];
  const takeNext = (): string => {
    const element = waiting.shift() ?? '';
    merged.push(mergeStructured(found.get(element), wanted.get(element), rules, path));
    return element;
  };
  for (const [element, item] of current) {
    if (!wanted.has(element)) merged.push(item);
    else if (waiting.find((next) => found.has(next)) === element) while (takeNext() !== element);
  }
  while (waiting.length > 0) takeNext();
  return merged;
}

/**
 * `value` without what a manager owned before (`last`) and nobody owns now (`owned`, all managers together).
 * An item or field that someone still owns stays, with what lies beneath it.
 */
export function removeGivenUp(
  value: unknown,
  last: FieldSet,
  owned: FieldSet | undefined,
  rules: MergeRules,
  path: Path = [],
): unknown {
  if (isObject(value)) return removeFields(value, last, owned, rules, path);
  if (!Array.isArray(value)) return value;
  const keys = rules.listKeys(path);
  return keys === undefined ? value : removeItems(value, last, owned, { keys, rules, path });
}

function removeFields(
  value: Record<string, unknown>,
  last: FieldSet,
  owned: FieldSet | undefined,
  rules: MergeRules,
  path: Path,
): Record<string, unknown> {
  const kept: Record<string, unknown> = { ...value };
  for (const [element, node] of Object.entries(last)) {
    const name = element.slice(2);
    if (!element.startsWith('f:') || !Object.hasOwn(value, name)) continue;
    const owners = childOf(owned, element);
    if (isGivenUp(element, node, owners)) delete kept[name];
    else setOwn(kept, name, removeGivenUp(value[name], node, owners, rules, [...path, name]));
  }
  return kept;
}

function removeItems(
  list: readonly unknown[],
  last: FieldSet,
  owned: FieldSet | undefined,
  { keys, rules, path }: ListMerge,
): unknown[] {
  return list.flatMap((item) => {
    const element = elementOf(item, keys, path);
    const node = childOf(last, element);
    if (node === undefined) return [item];
    const owners = childOf(owned, element);
    return isGivenUp(element, node, owners) ? [] : [removeGivenUp(item, node, owners, rules, path)];
  });
}

function isGivenUp(element: string, last: FieldSet, owners: FieldSet | undefined): boolean {
  return isMember(element, last) && !(owners !== undefined && isMember(element, owners));
}

/** A named field belongs to whoever owns anything beneath it; a list item only to whoever listed it. */
function isMember(element: string, node: FieldSet): boolean {
  return element.startsWith(fieldElement('')) || hasSelf(node);
}
