import { isObject, jsonEqual, own } from '../kernel/json.js';
import { EMPTY_SET, fieldElement, isEmpty, LEAF, type FieldSet } from './field-set.js';
import { elementOf } from './list-items.js';
import type { MergeRules } from './merge-rules.js';

type Path = readonly string[];

/** Every field that an applied document names: leaves, items of keyed lists, whole atomic values. */
export function fieldsOf(value: unknown, rules: MergeRules, path: Path = []): FieldSet {
  const parts = partsOf(value, rules, path);
  if (parts === undefined) return LEAF;
  const children = new Map<string, FieldSet>();
  for (const [element, part] of parts) {
    const beneath = fieldsOf(part.value, rules, part.path);
    children.set(element, part.isItem ? { self: true, children: beneath.children } : beneath);
  }
  return { self: false, children };
}

/** Fields whose value in `after` is new or another than in `before`. */
export function changedFields(before: unknown, after: unknown, rules: MergeRules, path: Path = []): FieldSet {
  if (before === after) return EMPTY_SET;
  const now = partsOf(after, rules, path);
  const was = now === undefined ? undefined : partsOf(before, rules, path);
  if (now === undefined || was === undefined) {
    return jsonEqual(before, after) ? EMPTY_SET : fieldsOf(after, rules, path);
  }
  const children = new Map<string, FieldSet>();
  for (const [element, part] of now) {
    const earlier = was.get(element);
    const fresh = earlier === undefined;
    const beneath = fresh
      ? fieldsOf(part.value, rules, part.path)
      : changedFields(earlier.value, part.value, rules, part.path);
    const node = fresh && part.isItem ? { self: true, children: beneath.children } : beneath;
    if (!isEmpty(node)) children.set(element, node);
  }
  return { self: false, children };
}

/** Fields of `before` that `after` has no more. */
export function removedFields(before: unknown, after: unknown, rules: MergeRules, path: Path = []): FieldSet {
  if (before === after) return EMPTY_SET;
  const was = partsOf(before, rules, path);
  if (was === undefined) return EMPTY_SET;
  const now = partsOf(after, rules, path);
  const children = new Map<string, FieldSet>();
  for (const [element, part] of was) {
    const later = now?.get(element);
    const node =
      later === undefined
        ? { self: true, children: fieldsOf(part.value, rules, part.path).children }
        : removedFields(part.value, later.value, rules, part.path);
    if (!isEmpty(node)) children.set(element, node);
  }
  return { self: false, children };
}

interface Part {
  value: unknown;
  path: Path;
  isItem: boolean;
}

/** The parts that are owned one by one; undefined for a scalar, an empty or an atomic value. */
function partsOf(value: unknown, rules: MergeRules, path: Path): Map<string, Part> | undefined {
  if (isObject(value)) {
    const names = Object.keys(value);
    if (names.length === 0 || (path.length > 0 && rules.isAtomicMap(path))) return undefined;
    return new Map(
      names.map((name) => [fieldElement(name), { value: own(value, name), path: [...path, name], isItem: false }]),
    );
  }
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const keys = rules.listKeys(path);
  if (keys === undefined) return undefined;
  return new Map(value.map((item) => [elementOf(item, keys, path), { value: item, path, isItem: true }]));
}
