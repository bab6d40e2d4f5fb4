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

/** A document of the bundle over what is stored; fields that others set stay theirs. */
export function desiredDocument(
  document: KubernetesObject,
  { live, scope, by }: { live: HubObject | undefined; scope: ObjectScope; by: FieldManager },
): DesiredItem<ObjectWrite> {
  const object = applyTo(live, document, by);
  return { key: objectKey(objectId(object)), content: contentOf(object), value: { object, scope } };
}
