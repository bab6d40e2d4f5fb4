import type { HubObject } from '../database/objects/hub-object.js';
import { bodyOf } from '../database/objects/object-rows.js';
import { jsonEqual } from '../kernel/json.js';
import type { KubernetesObject } from '../kernel/object.js';

/** Equal but for who owns which field since when: then there is nothing to write. */
export function sameDocument(stored: HubObject, next: KubernetesObject): boolean {
  const essence = (object: KubernetesObject) => {
    const { labels, annotations, finalizers, ownerReferences, managedFields } = object.metadata;
    const owners = (managedFields ?? []).map(({ time: _time, ...entry }) => entry);
    return {
      body: bodyOf(object),
      labels: labels ?? {},
      annotations: annotations ?? {},
      finalizers: finalizers ?? [],
      ownerReferences: ownerReferences ?? [],
      owners,
    };
  };
  return jsonEqual(essence(stored), essence(next));
}
