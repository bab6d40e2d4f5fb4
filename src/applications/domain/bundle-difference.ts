import { fieldChanges, type FieldChange } from '../../changes/field-changes.js';
import { plan, type DesiredItem } from '../../changes/plan.js';
import { isObject, own } from '../../kernel/json.js';
import { objectId, objectKey, type KubernetesObject, type ObjectId } from '../../kernel/object.js';
import { MASK, maskSecret } from '../../kubernetes/mask-secret.js';

/** One object that two bundles do not agree on. */
export interface ObjectChange extends ObjectId {
  action: 'create' | 'update' | 'delete';
  /** Of an update: the fields that differ. Values of Secrets are masked on both sides, long ones are cut. */
  changes?: FieldChange[];
}

export interface BundleDifference {
  /** Deletions first, then updates and creations. */
  changes: ObjectChange[];
  /** How many more there are than are shown. */
  more: number;
  unchanged: number;
}

const MOST_OBJECTS = 200;
const MOST_FIELDS = 100;
const LONGEST_VALUE = 1_000;

const SECRET_FIELDS = ['data', 'stringData'];
const NOTHING_IN_BETWEEN = { create: true, update: true, delete: true };

/** What another bundle would change on a cluster, object by object; `place` says where an object stands there. */
export function bundleDifference(
  before: readonly KubernetesObject[],
  after: readonly KubernetesObject[],
  place: (id: ObjectId) => ObjectId,
): BundleDifference {
  const stored = before.map((object) => itemOf(object, place)).map((item) => ({ ...item, uid: item.key }));
  const desired = after.map((object) => itemOf(object, place));
  const { deletes, updates, creates, unchanged } = plan({ desired, stored, may: NOTHING_IN_BETWEEN });
  const changes: ObjectChange[] = [
    ...deletes.map(({ value }) => ({ action: 'delete' as const, ...objectId(value) })),
    ...updates.map(({ stored: from, desired: to }) => ({
      action: 'update' as const,
      ...objectId(to),
      changes: shownChanges(from, to),
    })),
    ...creates.map(({ value }) => ({ action: 'create' as const, ...objectId(value) })),
  ];
  return { changes: changes.slice(0, MOST_OBJECTS), more: Math.max(0, changes.length - MOST_OBJECTS), unchanged };
}

/** The object with its namespace filled in: one that a source leaves out differs from no other. */
function itemOf(object: KubernetesObject, place: (id: ObjectId) => ObjectId): DesiredItem<KubernetesObject> {
  const id = place(objectId(object));
  const { namespace: _written, ...metadata } = object.metadata;
  const placed = { ...object, metadata: id.namespace === '' ? metadata : { ...metadata, namespace: id.namespace } };
  return { key: objectKey(id), content: placed, value: placed };
}

function shownChanges(from: KubernetesObject, to: KubernetesObject): FieldChange[] {
  const changes = [...openChanges(maskSecret(from), maskSecret(to)), ...secretChanges(from, to)];
  return changes.slice(0, MOST_FIELDS).map(shortened);
}

/** Lists of equal length member by member: one image among many containers is not all of them. */
function openChanges(from: unknown, to: unknown, path = ''): FieldChange[] {
  return fieldChanges(from, to, path).flatMap((change): FieldChange[] => {
    const { from: left, to: right } = change;
    if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return [change];
    return left.flatMap((member: unknown, index) => openChanges(member, right[index], `${change.path}[${index}]`));
  });
}

/** Which values differ, without the values. */
function secretChanges(from: KubernetesObject, to: KubernetesObject): FieldChange[] {
  if (maskSecret(to) === to && maskSecret(from) === from) return [];
  const valuesOf = (object: KubernetesObject, field: string): unknown => {
    const values = own(object, field);
    return isObject(values) ? values : values === undefined || values === null ? {} : { '': values };
  };
  const differing = SECRET_FIELDS.flatMap((field) => fieldChanges(valuesOf(from, field), valuesOf(to, field), field));
  return differing
    .filter((change) => 'from' in change && 'to' in change)
    .map(({ path }) => ({ path, from: MASK, to: MASK }));
}

function shortened(change: FieldChange): FieldChange {
  const sides = (['from', 'to'] as const).filter((side) => side in change);
  return { path: change.path, ...Object.fromEntries(sides.map((side) => [side, cut(change[side])])) };
}

function cut(value: unknown): unknown {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= LONGEST_VALUE ? value : `${text.slice(0, LONGEST_VALUE)}… (${text.length} characters)`;
}
