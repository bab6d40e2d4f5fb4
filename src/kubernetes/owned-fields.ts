import { isObject, jsonEqual, own } from '../kernel/json.js';
import { EMPTY_SET, fieldElement, LEAF, nodeOf, type FieldSet } from './field-set.js';
import { elementOf } from './list-items.js';
import type { MergeRules } from './merge-rules.js';

type Path = readonly string[];

/** Every field that a document names: leaves, items of keyed lists, whole atomic values. */
export function fieldsOf(document: object, rules: MergeRules): FieldSet {
  return nodeOf(false, fieldsBeneath(document, rules, [])) ?? EMPTY_SET;
}

/** Fields whose value in `after` is new or another than in `before`. */
export function changedFields(before: object, after: object, rules: MergeRules): FieldSet {
  return changedNode(before, after, rules, []) ?? EMPTY_SET;
}

/** Fields of `before` that `after` has no more, with everything beneath them. */
export function removedFields(before: object, after: object, rules: MergeRules): FieldSet {
  return removedNode(before, after, rules, []) ?? EMPTY_SET;
}

/** A value that is owned as a whole has nothing beneath it. */
function fieldsBeneath(value: unknown, rules: MergeRules, path: Path): Record<string, FieldSet> {
  const children: Record<string, FieldSet> = {};
  for (const [element, part] of partsOf(value, rules, path) ?? []) {
    children[element] = nodeOf(part.isItem, fieldsBeneath(part.value, rules, part.path)) ?? LEAF;
  }
  return children;
}

function changedNode(before: unknown, after: unknown, rules: MergeRules, path: Path): FieldSet | undefined {
  if (before === after) return undefined;
  const now = partsOf(after, rules, path);
  const was = now === undefined ? undefined : partsOf(before, rules, path);
  if (now === undefined || was === undefined) {
    return jsonEqual(before, after) ? undefined : (nodeOf(false, fieldsBeneath(after, rules, path)) ?? LEAF);
  }
  const children: Record<string, FieldSet> = {};
  for (const [element, part] of now) {
    const earlier = was.get(element);
    const node =
      earlier === undefined
        ? (nodeOf(part.isItem, fieldsBeneath(part.value, rules, part.path)) ?? LEAF)
        : changedNode(earlier.value, part.value, rules, part.path);
    if (node !== undefined) children[element] = node;
  }
  return nodeOf(false, children);
}

function removedNode(before: unknown, after: unknown, rules: MergeRules, path: Path): FieldSet | undefined {
  if (before === after) return undefined;
  const was = partsOf(before, rules, path);
  if (was === undefined) return undefined;
  const now = partsOf(after, rules, path);
  const children: Record<string, FieldSet> = {};
  for (const [element, part] of was) {
    const later = now?.get(element);
    const node =
      later === undefined
        ? nodeOf(true, fieldsBeneath(part.value, rules, part.path))
        : removedNode(part.value, later.value, rules, part.path);
    if (node !== undefined) children[element] = node;
  }
  return nodeOf(false, children);
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
