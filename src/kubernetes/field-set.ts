import { canonicalJson, isObject } from '../kernel/json.js';

/**
 * A set of field paths in the form managedFields stores, `fieldsV1`, so that nothing is ever converted. Elements are
 * `f:<field>`, `k:<keys of a list item>`, `v:<member of a set>`. A node without members is a leaf, in the set itself;
 * `.` says the same of a node that has longer paths beneath it. Only as a whole set does `{}` mean the empty one.
 */
export interface FieldSet {
  readonly [element: string]: FieldSet;
}

export const LEAF: FieldSet = Object.freeze({});
export const EMPTY_SET: FieldSet = LEAF;

export function isEmpty(set: FieldSet): boolean {
  return hasNoMembers(set);
}

/** Whether untrusted JSON has the form of `fieldsV1`. */
export function isFieldSet(value: unknown): value is FieldSet {
  return isObject(value) && Object.values(value).every(isFieldSet);
}

/** Whether the node's own path is in the set, beside those beneath it. */
export function hasSelf(node: FieldSet): boolean {
  return Object.hasOwn(node, '.') || hasNoMembers(node);
}

export function childOf(node: FieldSet | undefined, element: string): FieldSet | undefined {
  return node !== undefined && Object.hasOwn(node, element) ? node[element] : undefined;
}

/** A node of these children; undefined when neither it nor anything beneath it is in the set. */
export function nodeOf(self: boolean, children: Record<string, FieldSet>): FieldSet | undefined {
  if (hasNoMembers(children)) return self ? LEAF : undefined;
  if (self) children['.'] = LEAF;
  return children;
}

export function union(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmpty(left)) return right;
  if (isEmpty(right)) return left;
  return uniteNodes(left, right, false);
}

function uniteNodes(left: FieldSet, right: FieldSet, self: boolean): FieldSet {
  const united: Record<string, FieldSet> = { ...left };
  for (const element in right) {
    const [mine, theirs] = [childOf(left, element), right[element] ?? LEAF];
    united[element] = mine === undefined ? theirs : uniteNodes(mine, theirs, hasSelf(mine) || hasSelf(theirs));
  }
  delete united['.'];
  return nodeOf(self, united) ?? LEAF;
}

/** Paths of `left` that are not in `right`, path by path: a parent does not stand for its children. */
export function difference(left: FieldSet, right: FieldSet): FieldSet {
  return combine(left, right, (mine, theirs) => mine && !theirs);
}

export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  return combine(left, right, (mine, theirs) => mine && theirs);
}

type Keep = (mine: boolean, theirs: boolean) => boolean;

function combine(left: FieldSet, right: FieldSet, keep: Keep): FieldSet {
  return nodeOf(false, combineChildren(left, right, keep)) ?? EMPTY_SET;
}

function combineChildren(left: FieldSet, right: FieldSet | undefined, keep: Keep): Record<string, FieldSet> {
  const kept: Record<string, FieldSet> = {};
  for (const element in left) {
    if (element === '.') continue;
    const mine = left[element] ?? LEAF;
    const theirs = childOf(right, element);
    const self = keep(hasSelf(mine), theirs !== undefined && hasSelf(theirs));
    const node = nodeOf(self, combineChildren(mine, theirs, keep));
    if (node !== undefined) kept[element] = node;
  }
  return kept;
}

export function setsEqual(left: FieldSet, right: FieldSet): boolean {
  if (left === right) return true;
  for (const element in right) {
    if (!Object.hasOwn(left, element)) return false;
  }
  for (const element in left) {
    const other = childOf(right, element);
    if (other === undefined || !setsEqual(left[element] ?? LEAF, other)) return false;
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
  for (const [element, node] of Object.entries(set)) {
    if (element === '.') continue;
    const path = prefix + printElement(element);
    if (hasSelf(node)) into.push(path);
    collect(node, path, into);
  }
}

function printElement(element: string): string {
  const value = element.slice(2);
  if (element.startsWith('f:')) return `.${value}`;
  if (element.startsWith('v:')) return `[=${value}]`;
  const keys = JSON.parse(value) as Record<string, unknown>;
  const pairs = Object.entries(keys).map(([key, part]) => `${key}=${JSON.stringify(part)}`);
  return `[${pairs.join(',')}]`;
}

function hasNoMembers(node: FieldSet): boolean {
  for (const _element in node) return false;
  return true;
}

export const fieldElement = (name: string): string => `f:${name}`;
export const memberElement = (value: unknown): string => `v:${canonicalJson(value)}`;
export const itemElement = (keys: Record<string, unknown>): string => `k:${canonicalJson(keys)}`;
