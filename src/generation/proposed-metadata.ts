import type { HubObject } from '../database/objects/hub-object.js';
import { rfc3339, type Clock } from '../kernel/clock.js';
import { UNSTORED_UID } from '../kernel/ids.js';
import { jsonEqual } from '../kernel/json.js';
import type { KubernetesObject, ObjectMeta } from '../kernel/object.js';

/**
 * Metadata of a set as it would be stored: templates seed what is random by its uid and generation, so a preview must
 * know which generation the write would give.
 */
export function proposedMetadata(next: KubernetesObject, previous: HubObject | undefined, clock: Clock): ObjectMeta {
  if (!previous) {
    return { ...next.metadata, uid: UNSTORED_UID, generation: 1, creationTimestamp: rfc3339(clock.now()) };
  }
  const { uid, generation, creationTimestamp, resourceVersion, deletionTimestamp } = previous.metadata;
  const grown = jsonEqual(next['spec'], previous.spec) ? generation : generation + 1;
  const going = deletionTimestamp === undefined ? {} : { deletionTimestamp };
  return { ...next.metadata, uid, generation: grown, creationTimestamp, resourceVersion, ...going };
}
