import { FleetError, type FieldFault } from '../kernel/errors.js';
import { isObject } from '../kernel/json.js';
import type { KubernetesObject, ManagedFieldsEntry } from '../kernel/object.js';
import {
  difference,
  EMPTY_SET,
  isFieldSet,
  intersection,
  isEmpty,
  LEAF,
  pathsOf,
  setsEqual,
  union,
  type FieldSet,
} from './field-set.js';
import type { MergeRules } from './merge-rules.js';
import { changedFields, fieldsOf, removedFields } from './owned-fields.js';
import { mergeStructured, removeGivenUp } from './structured-merge.js';

/** Who writes, and when: an entry of managedFields without its fields. */
export interface FieldManager {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  /** RFC 3339. */
  time: string;
  subresource?: string;
}

export interface ApplyInput {
  /** Undefined when the object does not exist yet. */
  live: KubernetesObject | undefined;
  config: KubernetesObject;
  by: FieldManager;
  force: boolean;
  rules: MergeRules;
}

/**
 * Server-side apply: `config` over `live`, minus what the manager gave up, with its fields recorded as its own.
 * A value that another manager owns and `config` changes is a conflict (FleetError FIELD_CONFLICT, one fault a field),
 * unless forced: then the others lose it. Returns `live` itself when nothing changes.
 */
export function applyConfig({ live, config, by, force, rules }: ApplyInput): KubernetesObject {
  const entries = live?.metadata.managedFields ?? [];
  const mine = fieldsOf(manageable(config), rules);
  const last = setOf(entries.find((entry) => isSameManager(entry, by)));
  const merged = mergeStructured(live, config, rules) as KubernetesObject;
  const changed = live === undefined ? EMPTY_SET : changedFields(manageable(live), manageable(merged), rules);
  if (live !== undefined && isEmpty(changed) && setsEqual(mine, last)) return live;
  const others = entries.filter((entry) => !isSameManager(entry, by));
  const remaining = force ? withoutFields(others, changed) : others;
  if (!force) refuseConflicts(others, changed);
  const owned = remaining.map(setOf).reduce(union, union(mine, IDENTITY));
  const pruned = removeGivenUp(merged, { last, owned }, rules) as KubernetesObject;
  const gone = live === undefined ? EMPTY_SET : removedFields(manageable(live), manageable(pruned), rules);
  const { managedFields: _replaced, ...metadata } = pruned.metadata;
  const managedFields = [...(isEmpty(mine) ? [] : [entryOf(by, mine)]), ...withoutFields(remaining, gone)];
  return { ...pruned, metadata: { ...metadata, managedFields } };
}

/** Keeps `metadata` itself from being given up with its last label. */
const IDENTITY: FieldSet = { 'f:metadata': { 'f:name': LEAF } };

export interface UpdateInput {
  before: KubernetesObject | undefined;
  after: KubernetesObject;
  by: FieldManager;
  rules: MergeRules;
}

/** The entries after a plain write: the writer owns what it changed, everybody loses what was changed or removed. */
export function trackUpdate({ before, after, by, rules }: UpdateInput): ManagedFieldsEntry[] {
  const entries = before === undefined ? [] : givenEntries(before, after);
  const was = { metadata: {}, ...(before === undefined ? rules.blank : manageable(before)) };
  const now = { metadata: {}, ...manageable(after) };
  const changed = changedFields(was, now, rules);
  const removed = before === undefined ? EMPTY_SET : removedFields(was, now, rules);
  if (isEmpty(changed) && isEmpty(removed)) return entries;
  const lost = union(changed, removed);
  const others = withoutFields(
    entries.filter((entry) => !isSameManager(entry, by)),
    lost,
  );
  const mine = union(difference(setOf(entries.find((entry) => isSameManager(entry, by))), removed), changed);
  return isEmpty(mine) ? others : [...others, entryOf(by, mine)];
}

/**
 * A client may rewrite the entries, as an upgrade from client-side apply does; none at all means it did not speak of
 * them, and one empty entry clears them.
 */
function givenEntries(before: KubernetesObject, after: KubernetesObject): ManagedFieldsEntry[] {
  const given: unknown = after.metadata.managedFields;
  if (!Array.isArray(given) || given.length === 0) return before.metadata.managedFields ?? [];
  if (given.length === 1 && isObject(given[0]) && Object.keys(given[0]).length === 0) return [];
  return given.every(isEntry) ? given : (before.metadata.managedFields ?? []);
}

function isEntry(value: unknown): value is ManagedFieldsEntry {
  return isObject(value) && typeof value.manager === 'string' && value.manager !== '' && isFieldSet(value.fieldsV1);
}

/** The fields an entry owns. Entries are made here, or by the same rules in a member cluster. */
export function setOf(entry: ManagedFieldsEntry | undefined): FieldSet {
  return (entry?.fieldsV1 ?? EMPTY_SET) as FieldSet;
}

function isSameManager(entry: ManagedFieldsEntry, by: FieldManager): boolean {
  return (
    entry.manager === by.manager &&
    entry.operation === by.operation &&
    entry.apiVersion === by.apiVersion &&
    entry.subresource === by.subresource
  );
}

function entryOf(by: FieldManager, fields: FieldSet): ManagedFieldsEntry {
  return {
    manager: by.manager,
    operation: by.operation,
    apiVersion: by.apiVersion,
    time: by.time,
    fieldsType: 'FieldsV1',
    fieldsV1: fields,
    ...(by.subresource === undefined ? {} : { subresource: by.subresource }),
  };
}

/** The entries with some fields taken away; an entry that owns nothing more is dropped. */
function withoutFields(entries: readonly ManagedFieldsEntry[], lost: FieldSet): ManagedFieldsEntry[] {
  return entries.flatMap((entry) => {
    const before = setOf(entry);
    if (isEmpty(intersection(before, lost))) return [entry];
    const left = difference(before, lost);
    return isEmpty(left) ? [] : [entryOf(entry as FieldManager, left)];
  });
}

function refuseConflicts(others: readonly ManagedFieldsEntry[], changed: FieldSet): void {
  const faults = others.flatMap((entry) =>
    pathsOf(intersection(setOf(entry), changed)).map((path) => ({ path, message: conflictMessage(entry) })),
  );
  if (faults.length === 0) return;
  throw new FleetError('conflict', 'FIELD_CONFLICT', conflictText(faults), {
    faults,
    hint: 'Apply with force to take the fields over, or leave them out.',
  });
}

/** As the API server words it: the one conflict in a line, several under their manager. */
function conflictText(faults: readonly FieldFault[]): string {
  const [first] = faults;
  if (faults.length === 1) return `Apply failed with 1 conflict: ${first?.message}: ${first?.path}`;
  const managers = [...new Set(faults.map(({ message }) => message))].sort();
  const lines = managers.flatMap((manager) => {
    const paths = faults.filter(({ message }) => message === manager).map(({ path }) => `- ${path}`);
    return [`${manager.replace('conflict', 'conflicts')}:`, ...paths];
  });
  return `Apply failed with ${faults.length} conflicts: ${lines.join('\n')}`;
}

function conflictMessage({ manager, subresource, apiVersion, operation, time }: ManagedFieldsEntry): string {
  const through = subresource === undefined ? '' : ` with subresource "${subresource}"`;
  const when = time === undefined ? '' : ` at ${time}`;
  return `conflict with "${manager}"${through}${operation === 'Update' ? ` using ${apiVersion}${when}` : ''}`;
}

const UNMANAGED: ReadonlySet<string> = new Set([
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
]);

/** The object without identity and bookkeeping, which nobody can own. */
function manageable({ apiVersion: _version, kind: _kind, metadata, ...fields }: KubernetesObject): object {
  const kept = Object.entries(metadata).filter(([name]) => !UNMANAGED.has(name));
  return kept.length === 0 ? fields : { ...fields, metadata: Object.fromEntries(kept) };
}
