import { canonicalJson, isObject } from '../kernel/json.js';

/**
 * A set of field paths, as a tree. Elements are spelled as in managedFields: `f:<field>`, `k:<keys of a list item>`,
 * `v:<member of a set>`. `self` says that the node's own path is in the set, `children` holds longer paths.
 */
export interface FieldSet {
  readonly self: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

export const EMPTY_SET: FieldSet = { self: false, children: new Map() };
export const LEAF: FieldSet = { self: true, children: new Map() };

export function isEmpty(set: FieldSet): boolean {
  return !set.self && set.children.size === 0;
}

/** Reads `fieldsV1`. An empty node is a leaf; `.` marks a node that is a member beside its children. */
export function parseFieldsV1(fields: Record<string, unknown>): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [element, value] of Object.entries(fields)) {
    if (element !== '.') children.set(element, nodeOf(value));
  }
  return { self: Object.hasOwn(fields, '.'), children };
}

function nodeOf(value: unknown): FieldSet {
  if (!isObject(value) || Object.keys(value).length === 0) return LEAF;
  return parseFieldsV1(value);
}

/** Writes `fieldsV1`, elements sorted. */
export function toFieldsV1(set: FieldSet): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  if (set.self && set.children.size > 0) fields['.'] = {};
  for (const element of [...set.children.keys()].sort()) {
    fields[element] = toFieldsV1(set.children.get(element) ?? EMPTY_SET);
  }
  return fields;
}

export function union(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmpty(left)) return right;
  if (isEmpty(right)) return left;
  const children = new Map(left.children);
  for (const [element, node] of right.children) {
    const other = children.get(element);
    children.set(element, other === undefined ? node : union(other, node));
  }
  return { self: left.self || right.self, children };
}

/** Paths of `left` that are not in `right`, path by path: a parent does not stand for its children. */
export function difference(left: FieldSet, right: FieldSet): FieldSet {
  return combine(left, right, (mine, theirs) => mine && !theirs);
}

export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  return combine(left, right, (mine, theirs) => mine && theirs);
}

function combine(left: FieldSet, right: FieldSet, keep: (mine: boolean, theirs: boolean) => boolean): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [element, node] of left.children) {
    const kept = combine(node, right.children.get(element) ?? EMPTY_SET, keep);
    if (!isEmpty(kept)) children.set(element, kept);
  }
  return { self: keep(left.self, right.self), children };
}

export function setsEqual(left: FieldSet, right: FieldSet): boolean {
  if (left === right) return true;
  if (left.self !== right.self || left.children.size !== right.children.size) return false;
  for (const [element, node] of left.children) {
    const other = right.children.get(element);
    if (other === undefined || !setsEqual(node, other)) return false;
  }
  return true;
}

/** Every path of the set as kubectl prints it: `.spec.containers[name="web"].image`. */
export function pathsOf(set: FieldSet): string[] {
  const paths: string[] = [];
  collect(set, '', paths);
  return paths;
}

function collect(set: FieldSet, prefix: string, into: string[]): void {
  if (set.self) into.push(prefix);
  for (const [element, node] of set.children) collect(node, prefix + printElement(element), into);
}

function printElement(element: string): string {
  const value = element.slice(2);
  if (element.startsWith('f:')) return `.${value}`;
  if (element.startsWith('v:')) return `[=${value}]`;
  const keys = JSON.parse(value) as Record<string, unknown>;
  const pairs = Object.entries(keys).map(([key, part]) => `${key}=${JSON.stringify(part)}`);
  return `[${pairs.join(',')}]`;
}

export const fieldElement = (name: string): string => `f:${name}`;
export const memberElement = (value: unknown): string => `v:${canonicalJson(value)}`;
export const itemElement = (keys: Record<string, unknown>): string => `k:${canonicalJson(keys)}`;
