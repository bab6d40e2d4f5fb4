import type { DesiredItem, StoredItem } from '../../changes/plan.js';
import type { HubObject, ObjectScope, ObjectWrite, Stored } from '../../database/objects/hub-object.js';
import { bodyOf } from '../../database/objects/object-rows.js';
import { applyTo } from '../../documents/merge-document.js';
import type { FieldManager } from '../../kubernetes/managed-fields.js';
import { objectId, objectKey, type KubernetesObject } from '../../kernel/object.js';

/** What of a hub document takes part in the comparison: everything but what the store gives and who owns which field. */
export function contentOf(object: KubernetesObject): unknown {
  const { labels = {}, annotations = {}, finalizers = [] } = object.metadata;
  return { labels, annotations, finalizers, body: bodyOf(object) };
}

export function storedDocument(stored: Stored): StoredItem<Stored> {
  const { object } = stored;
  return {
    key: objectKey(objectId(object)),
    uid: object.metadata.uid,
    deleting: object.metadata.deletionTimestamp !== undefined,
    content: contentOf(object),
    value: stored,
  };
}

export const COMES_FROM_IT =
  'this Application comes from it, directly or through others; delete it yourself if it should go';

/**
 * Reasons to leave documents that the repository no longer has: those that own the Application itself, directly or
 * through others. To prune one of them would take along the Application, and then everything else that it brought.
 */
export function circular(
  stored: readonly StoredItem<Stored>[],
  desired: readonly DesiredItem<ObjectWrite>[],
  owners: ReadonlySet<string>,
): Map<string, string> {
  const wanted = new Set(desired.map(({ key }) => key));
  const left = stored.filter(({ key, uid }) => owners.has(uid) && !wanted.has(key));
  return new Map(left.map(({ key }) => [key, COMES_FROM_IT]));
}

/** A document of the bundle over what is stored; fields that others set stay theirs. */
export function desiredDocument(
  document: KubernetesObject,
  { live, scope, by }: { live: HubObject | undefined; scope: ObjectScope; by: FieldManager },
): DesiredItem<ObjectWrite> {
  const object = applyTo(live, document, by);
  return { key: objectKey(objectId(object)), content: contentOf(object), value: { object, scope } };
}
