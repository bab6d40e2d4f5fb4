import { isObject, own, setOwn } from '../kernel/json.js';
import { childOf, fieldElement, hasSelf, type FieldSet } from './field-set.js';
import { elementOf, itemsByElement } from './list-items.js';
import type { MergeRules } from './merge-rules.js';

type Fields = Record<string, unknown>;

/**
 * `live` with every field of `config` put over it: maps merge by field, keyed lists by item, everything else is
 * replaced. What does not change is shared with `live`, never copied, and neither input is touched. Keyed lists of
 * `config` are checked wherever they stand, even where `live` has nothing: throws LIST_KEYS.
 */
export function mergeStructured(live: unknown, config: unknown, rules: MergeRules): unknown {
  return mergeAt(live, config, { rules, path: [] });
}

interface Place {
  rules: MergeRules;
  /** Field names; list levels are skipped. */
  path: readonly string[];
}

const beneath = ({ rules, path }: Place, name: string): Place => ({ rules, path: [...path, name] });

function mergeAt(live: unknown, config: unknown, place: Place): unknown {
  if (isObject(config)) {
    return place.rules.isAtomicMap(place.path) ? config : mergeMap(isObject(live) ? live : config, config, place);
  }
  if (!Array.isArray(config)) return config;
  const keys = place.rules.listKeys(place.path);
  return keys === undefined ? config : mergeList(Array.isArray(live) ? live : config, config, { ...place, keys });
}

function mergeMap(live: Fields, config: Fields, place: Place): Fields {
  const merged: Fields = { ...live };
  for (const [name, value] of Object.entries(config)) {
    setOwn(merged, name, mergeAt(own(live, name), value, beneath(place, name)));
  }
  return merged;
}

interface ListPlace extends Place {
  keys: readonly string[] | 'set';
}

/** The applied order wins; an item that only `live` has stays behind the same applied items as before, where it can. */
function mergeList(live: readonly unknown[], config: readonly unknown[], place: ListPlace): unknown[] {
  const { keys } = place;
  const wanted = itemsByElement(config, keys, place);
  const current = live.map((item) => [elementOf(item, keys, place), item] as const);
  const found = new Map(current);
  const merged: unknown[] = [];
  const waiting = [...wanted.keys()];
  const takeNext = (): string => {
    const element = waiting.shift() ?? '';
    merged.push(mergeAt(found.get(element), wanted.get(element), place));
    return element;
  };
  for (const [element, item] of current) {
    if (!wanted.has(element)) merged.push(item);
    else if (waiting.find((next) => found.has(next)) === element) while (takeNext() !== element);
  }
  while (waiting.length > 0) takeNext();
  return merged;
}

export interface Ownership {
  /** What a manager owned before. */
  last: FieldSet;
  /** What all managers together own now. */
  owned: FieldSet | undefined;
}

/** `value` without what was owned before and nobody owns now. What someone still owns stays, with all beneath it. */
export function removeGivenUp(value: unknown, ownership: Ownership, rules: MergeRules): unknown {
  return removeAt(value, ownership, { rules, path: [] });
}

function removeAt(value: unknown, ownership: Ownership, place: Place): unknown {
  if (isObject(value)) return removeFields(value, ownership, place);
  if (!Array.isArray(value)) return value;
  const keys = place.rules.listKeys(place.path);
  return keys === undefined ? value : removeItems(value, ownership, { ...place, keys });
}

function removeFields(value: Fields, { last, owned }: Ownership, place: Place): Fields {
  const kept: Fields = { ...value };
  for (const [element, node] of Object.entries(last)) {
    const name = element.slice(2);
    if (!element.startsWith(fieldElement('')) || !Object.hasOwn(value, name)) continue;
    const owners = childOf(owned, element);
    if (isGivenUp(element, node, owners)) delete kept[name];
    else setOwn(kept, name, removeAt(value[name], { last: node, owned: owners }, beneath(place, name)));
  }
  return kept;
}

function removeItems(list: readonly unknown[], { last, owned }: Ownership, place: ListPlace): unknown[] {
  return list.flatMap((item) => {
    const element = elementOf(item, place.keys, place);
    const node = childOf(last, element);
    if (node === undefined) return [item];
    const owners = childOf(owned, element);
    return isGivenUp(element, node, owners) ? [] : [removeAt(item, { last: node, owned: owners }, place)];
  });
}

function isGivenUp(element: string, last: FieldSet, owners: FieldSet | undefined): boolean {
  return isMember(element, last) && !(owners !== undefined && isMember(element, owners));
}

/** A named field belongs to whoever owns anything beneath it; a list item only to whoever listed it. */
function isMember(element: string, node: FieldSet): boolean {
  return element.startsWith(fieldElement('')) || hasSelf(node);
}
