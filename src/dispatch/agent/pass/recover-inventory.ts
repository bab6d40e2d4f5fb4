import { objectId, objectKey } from '../../../kernel/object.js';
import { waveOf } from '../../../applications/domain/sync-order/wave-of.js';
import { isTrackedBy } from '../../../applications/domain/tracking.js';
import type { ApiResource } from '../../../kubernetes/client/api-resource.js';
import { KubernetesApiError } from '../../../kubernetes/client/kubernetes-api-error.js';
import type { ObjectList } from '../../../kubernetes/client/kubernetes-client.js';
import { HUB_LABEL } from '../../../rendering/domain/stamp.js';
import type { ManagedApplication } from '../managed-applications.js';
import type { PassContext } from './pass-context.js';

/**
 * Before a prune of an Application that nothing is remembered of (the agent's namespace was deleted): its objects are
 * found by this hub's label and their own tracking id. Without it the prune would be called done with all of them left.
 */
export async function recoverInventory({ record }: ManagedApplication, context: PassContext): Promise<void> {
  if (record.judged !== null || record.inventory.size > 0 || record.delivery.settingsDigest === null) return;
  const settings = await context.documents.settingsOf(record.delivery);
  record.settings = settings;
  for (const resource of context.catalog.eachKind()) {
    for (const object of (await listManaged(resource, context)).items) {
      const key = objectKey(objectId(object));
      if (!isTrackedBy(object, settings.instance) || context.applications.concernedBy(key).length > 0) continue;
      record.inventory.set(key, { key, apiVersion: object.apiVersion, wave: waveOf(object.metadata), digest: '' });
    }
  }
  const found = record.inventory.size;
  if (found > 0)
    context.logger.warn({ application: record.uid, objects: found }, 'inventory recovered from tracking ids');
}

/** Some kinds can be created but not listed (access reviews); they hold no objects. */
async function listManaged(resource: ApiResource, { client, hubId }: PassContext): Promise<ObjectList> {
  try {
    return await client.list(resource, { labelSelector: `${HUB_LABEL}=${hubId}` });
  } catch (error) {
    if (error instanceof KubernetesApiError && (error.status === 404 || error.status === 405)) {
      return { items: [], resourceVersion: '' };
    }
    throw error;
  }
}
