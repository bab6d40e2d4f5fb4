import { isObject, jsonEqual, own, setOwn } from '../kernel/json.js';
import type { MergeRules } from './merge-rules.js';

type Fields = Record<string, unknown>;

/**
 * Strategic merge patch: as a JSON merge patch, but lists of a patch key merge by item and `$patch`,
 * `$deleteFromPrimitiveList`, `$retainKeys` and `$setElementOrder` direct it.
 */
export function strategicMerge(target: unknown, patch: unknown, rules: MergeRules): unknown {
  return mergeAt(target, patch, { rules, path: [] });
}

interface Place {
  rules: MergeRules;
  path: readonly string[];
}

function mergeAt(target: unknown, patch: unknown, place: Place): unknown {
  if (isObject(patch)) return mergeFields(isObject(target) ? target : {}, patch, place);
  if (!Array.isArray(patch)) return patch;
  const list = Array.isArray(target) ? target : [];
  const key = place.rules.patchKey?.(place.path);
  if (key === 'set') return mergeSet(list, patch);
  return key === undefined ? patch : mergeItems(list, patch, { ...place, key });
}

function mergeFields(target: Fields, patch: Fields, { rules, path }: Place): Fields {
  const directive = own(patch, '$patch');
  const fields = withoutDirectives(patch);
  if (directive === 'delete') return {};
  if (directive === 'replace') return fields;
  const merged: Fields = retained(target, own(patch, '$retainKeys'));
  for (const [name, value] of Object.entries(fields)) {
    if (value === null) delete merged[name];
    else setOwn(merged, name, mergeAt(own(merged, name), value, { rules, path: [...path, name] }));
  }
  for (const [directiveName, value] of Object.entries(patch)) {
    const name = directiveName.slice(directiveName.indexOf('/') + 1);
    const list = own(merged, name);
    if (!Array.isArray(value) || !Array.isArray(list)) continue;
    if (directiveName.startsWith('$deleteFromPrimitiveList/')) {
      merged[name] = list.filter((item) => !value.some((gone) => jsonEqual(gone, item)));
    }
    if (directiveName.startsWith('$setElementOrder/')) {
      const key = rules.patchKey?.([...path, name]);
      const before = own(target, name);
      const arrangement = { order: value, before: Array.isArray(before) ? before : [] };
      if (key !== undefined) merged[name] = arranged(list, { ...arrangement, key });
    }
  }
  return merged;
}

function withoutDirectives(patch: Fields): Fields {
  return Object.fromEntries(Object.entries(patch).filter(([name]) => !name.startsWith('$')));
}

function retained(target: Fields, keys: unknown): Fields {
  if (!Array.isArray(keys)) return { ...target };
  return Object.fromEntries(Object.entries(target).filter(([name]) => keys.includes(name)));
}

function mergeSet(target: readonly unknown[], patch: readonly unknown[]): unknown[] {
  const merged = [...target, ...patch.filter((item) => !target.some((known) => jsonEqual(known, item)))];
  return arranged(merged, { order: patch, before: target, key: 'set' });
}

interface ItemPlace extends Place {
  key: string;
}

function mergeItems(target: readonly unknown[], patch: readonly unknown[], place: ItemPlace): unknown[] {
  const { key } = place;
  const items = patch.filter(isObject);
  const replaces = items.some((item) => item.$patch === 'replace' && own(item, key) === undefined);
  let merged: unknown[] = replaces ? [] : [...target];
  for (const item of items) {
    const at = merged.findIndex((known) => isObject(known) && own(known, key) === own(item, key));
    if (item.$patch === 'delete') merged = at < 0 ? merged : merged.toSpliced(at, 1);
    else if (own(item, key) === undefined) continue;
    else if (at < 0) merged.push(mergeAt({}, item, place));
    else merged[at] = mergeAt(merged[at], item, place);
  }
  return replaces ? merged : arranged(merged, { order: items, before: target, key });
}

/**
 * Items that the patch names in its order, the others in theirs before; where both were there before, their former order
 * decides which comes first, and otherwise what the patch names does.
 */
function arranged(merged: readonly unknown[], { order, before, key }: Arrangement): unknown[] {
  const nameOf = (item: unknown): unknown => (key !== 'set' && isObject(item) ? own(item, key) : item);
  const placeIn = (list: readonly unknown[]): ((item: unknown) => number) => {
    const names = list.map(nameOf);
    return (item) => names.findIndex((name) => jsonEqual(name, nameOf(item)));
  };
  const [asked, former] = [placeIn(order), placeIn(before)];
  const named = merged.filter((item) => asked(item) >= 0).sort((left, right) => asked(left) - asked(right));
  const others = merged.filter((item) => asked(item) < 0).sort((left, right) => former(left) - former(right));
  const result: unknown[] = [];
  while (named.length > 0 && others.length > 0) {
    const [mine, theirs] = [former(named[0]), former(others[0])];
    const isOtherFirst = mine >= 0 && theirs >= 0 && theirs < mine;
    result.push(isOtherFirst ? others.shift() : named.shift());
  }
  return [...result, ...named, ...others];
}

interface Arrangement {
  order: readonly unknown[];
  before: readonly unknown[];
  key: string | 'set';
}
