import { inOnePiece } from '../kernel/pace.js';
import { fieldChanges, type FieldChange } from './field-changes.js';

/** Something that should exist. `content` is what is compared and shown; `value` is carried through untouched. */
export interface DesiredItem<D> {
  /** Identity within the owner, such as `argocd/guestbook`. */
  key: string;
  content: unknown;
  value: D;
}

/** Something that exists and belongs to the owner. */
export interface StoredItem<S> {
  key: string;
  uid: string;
  /** On its way out already: neither counted again nor updated, and created anew only once it is gone. */
  deleting?: boolean;
  content: unknown;
  value: S;
}

export interface Update<D, S> {
  key: string;
  uid: string;
  desired: D;
  stored: S;
  changes: FieldChange[];
}

/** desired − stored. Nothing in it has happened yet; preview shows it and commit carries it out. */
export interface Plan<D, S> {
  creates: DesiredItem<D>[];
  updates: Update<D, S>[];
  deletes: StoredItem<S>[];
  /** Exists and is not desired, yet stays: why. */
  kept: { item: StoredItem<S>; reason: string }[];
  unchanged: number;
}

export interface PlanInput<D, S> {
  desired: readonly DesiredItem<D>[];
  stored: readonly StoredItem<S>[];
  /** What the owner's policy lets happen (applicationsSync). */
  may: { create: boolean; update: boolean; delete: boolean };
  /** Set when some input could not be read: then absence proves nothing, and nothing is deleted. */
  unreadable?: string;
  /** Keys that must be left exactly as they are (invalid or duplicate results), each with its reason. */
  leave?: ReadonlyMap<string, string>;
}

/** Units of work (kernel/pace.ts) that comparing two items takes. */
const UNITS_AN_ITEM = 60;

/** Compares by key. Order of input does not matter; output is sorted by key. */
export function plan<D, S>(input: PlanInput<D, S>): Plan<D, S> {
  return inOnePiece(planning(input));
}

/** The same in pieces, an item each. */
export function* planning<D, S>(input: PlanInput<D, S>): Generator<number, Plan<D, S>> {
  const stored = new Map(input.stored.map((item) => [item.key, item]));
  const desired = new Map(input.desired.map((item) => [item.key, item]));
  const result: Plan<D, S> = { creates: [], updates: [], deletes: [], kept: [], unchanged: 0 };
  for (const item of sorted(desired)) {
    planDesired(item, stored.get(item.key), input, result);
    yield UNITS_AN_ITEM;
  }
  for (const item of sorted(stored)) {
    yield 1;
    if (desired.has(item.key) || item.deleting) continue;
    const reason = reasonToKeep(item.key, input);
    if (reason === undefined) result.deletes.push(item);
    else result.kept.push({ item, reason });
  }
  return result;
}

export function isEmptyPlan(plan: Plan<unknown, unknown>): boolean {
  return plan.creates.length + plan.updates.length + plan.deletes.length === 0;
}

function planDesired<D, S>(
  item: DesiredItem<D>,
  existing: StoredItem<S> | undefined,
  input: PlanInput<D, S>,
  result: Plan<D, S>,
): void {
  if (input.leave?.has(item.key)) return;
  if (existing === undefined) {
    if (input.may.create) result.creates.push(item);
    return;
  }
  const changes = fieldChanges(existing.content, item.content);
  if (changes.length === 0 || existing.deleting || !input.may.update) {
    result.unchanged += 1;
    return;
  }
  result.updates.push({ key: item.key, uid: existing.uid, desired: item.value, stored: existing.value, changes });
}

function reasonToKeep(key: string, input: PlanInput<unknown, unknown>): string | undefined {
  if (input.leave?.has(key)) return input.leave.get(key);
  if (input.unreadable !== undefined) return input.unreadable;
  return input.may.delete ? undefined : 'the policy of its owner does not delete';
}

function sorted<T extends { key: string }>(items: ReadonlyMap<string, T>): T[] {
  return [...items.values()].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}
