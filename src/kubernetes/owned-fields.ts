import { isObject, jsonEqual, own } from '../kernel/json.js';
import { EMPTY_SET, fieldElement, LEAF, nodeOf, type FieldSet } from './field-set.js';
import { elementOf } from './list-items.js';
import type { MergeRules } from './merge-rules.js';

type Path = readonly string[];

/** Every field that a document names: leaves, items of keyed lists, whole atomic values. */
export function fieldsOf(document: object, rules: MergeRules): FieldSet {
  return nodeOf(false, childrenFor(partsOf(document, rules, []) ?? NONE, rules)) ?? EMPTY_SET;
}

/** Fields whose value in `after` is new or another than in `before`. */
export function changedFields(before: object, after: object, rules: MergeRules): FieldSet {
  return changedNode(before, { value: after, path: [], isItem: false }, rules) ?? EMPTY_SET;
}

/** Fields of `before` that `after` has no more, with everything beneath them. */
export function removedFields(before: object, after: object, rules: MergeRules): FieldSet {
  return removedNode({ value: before, path: [], isItem: false }, after, rules) ?? EMPTY_SET;
}

/** The node of a value that is wholly in the set; undefined for an empty keyed list, which nobody can own. */
function nodeFor({ value, path, isItem }: Part, rules: MergeRules): FieldSet | undefined {
  const parts = partsOf(value, rules, path);
  return parts === undefined ? LEAF : nodeOf(isItem, childrenFor(parts, rules));
}

function childrenFor(parts: ReadonlyMap<string, Part>, rules: MergeRules): Record<string, FieldSet> {
  const children: Record<string, FieldSet> = {};
  for (const [element, part] of parts) {
    const node = nodeFor(part, rules);
    if (node !== undefined) children[element] = node;
  }
  return children;
}

function changedNode(before: unknown, part: Part, rules: MergeRules): FieldSet | undefined {
  const { value: after, path } = part;
  if (before === after) return undefined;
  const isMapStill = isObject(before) && isObject(after) && !rules.isAtomicMap(path);
  const now = partsOf(after, rules, path) ?? (isMapStill ? NONE : undefined);
  const was = partsOf(before, rules, path) ?? (isMapStill ? NONE : undefined);
  if (now === undefined || was === undefined) {
    return jsonEqual(before, after) ? undefined : nodeFor({ ...part, isItem: false }, rules);
  }
  const children: Record<string, FieldSet> = {};
  for (const [element, later] of now) {
    const earlier = was.get(element);
    const node = earlier === undefined ? everyPath(later, rules) : changedNode(earlier.value, later, rules);
    if (node !== undefined) children[element] = node;
  }
  return nodeOf(false, children);
}

/** What is added or removed as a whole: every map and list in it beside what they hold. */
function everyPath({ value, path }: Part, rules: MergeRules): FieldSet {
  const children: Record<string, FieldSet> = {};
  for (const [element, part] of partsOf(value, rules, path) ?? NONE) children[element] = everyPath(part, rules);
  return nodeOf(true, children) ?? LEAF;
}

function removedNode({ value: before, path }: Part, after: unknown, rules: MergeRules): FieldSet | undefined {
  if (before === after) return undefined;
  const was = partsOf(before, rules, path);
  if (was === undefined) return undefined;
  const now = partsOf(after, rules, path);
  const children: Record<string, FieldSet> = {};
  for (const [element, part] of was) {
    const later = now?.get(element);
    const node = later === undefined ? everyPath(part, rules) : removedNode(part, later.value, rules);
    if (node !== undefined) children[element] = node;
  }
  return nodeOf(false, children);
}

interface Part {
  value: unknown;
  path: Path;
  isItem: boolean;
}

const NONE: ReadonlyMap<string, Part> = new Map();

/** The parts that are owned one by one; undefined for a value that is owned as a whole: scalar, atomic, empty map. */
function partsOf(value: unknown, rules: MergeRules, path: Path): Map<string, Part> | undefined {
  if (isObject(value)) {
    const names = Object.keys(value);
    if (names.length === 0 || (path.length > 0 && rules.isAtomicMap(path))) return undefined;
    return new Map(
      names.map((name) => [fieldElement(name), { value: own(value, name), path: [...path, name], isItem: false }]),
    );
  }
  if (!Array.isArray(value)) return undefined;
  const keys = rules.listKeys(path);
  if (keys === undefined) return undefined;
  return new Map(value.map((item) => [elementOf(item, keys, { rules, path }), { value: item, path, isItem: true }]));
}
