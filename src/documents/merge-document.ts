import type { HubObject } from '../database/objects/hub-object.js';
import { conflict, FleetError } from '../kernel/errors.js';
import { isObject, own } from '../kernel/json.js';
import type { KubernetesObject, ObjectMeta } from '../kernel/object.js';
import { applyConfig, trackUpdate, type FieldManager } from '../kubernetes/managed-fields.js';
import { mergePatch } from '../kubernetes/merge-patch.js';
import { schemaRules } from '../kubernetes/merge-rules.js';

/** Hub kinds are custom resources to their users: lists are atomic, as Argo CD's definitions have them. */
const RULES = schemaRules(undefined);

/** Server-side apply of a checked document; the caller's fields win. */
export function applyTo(live: HubObject | undefined, document: KubernetesObject, by: FieldManager): KubernetesObject {
  const { resourceVersion, ...metadata } = document.metadata;
  refuseOtherVersion(live, resourceVersion);
  const config = { ...document, metadata: { ...metadata, namespace: metadata.namespace ?? 'argocd' } };
  return applyConfig({ live: live && withoutStatus(live), config, by, force: true, rules: RULES });
}

/** A whole new document in place of the old one; identity and deletion stay the store's. */
export function replaced(live: HubObject | undefined, document: KubernetesObject, by: FieldManager): KubernetesObject {
  const { resourceVersion, ...metadata } = document.metadata;
  refuseOtherVersion(live, resourceVersion);
  const after: KubernetesObject = {
    ...document,
    metadata: { ...metadata, namespace: metadata.namespace ?? 'argocd', ...(live ? serverGiven(live.metadata) : {}) },
  };
  return {
    ...after,
    metadata: {
      ...after.metadata,
      managedFields: trackUpdate({ before: live && withoutStatus(live), after, by, rules: RULES }),
    },
  };
}

/**
 * RFC 7396 on the stored document, to be checked like one that was sent whole; what it is and who it is cannot be
 * patched. Throws NOT_A_PATCH.
 */
export function patched(live: HubObject, patch: unknown): unknown {
  if (!isObject(patch)) throw new FleetError('malformed', 'NOT_A_PATCH', 'a merge patch must be a JSON object');
  const merged = mergePatch(withoutStatus(live), patch) as Record<string, unknown>;
  const { apiVersion, kind, metadata } = live;
  const { name, namespace } = metadata;
  const given = own(merged, 'metadata');
  return { ...merged, apiVersion, kind, metadata: isObject(given) ? { ...given, name, namespace } : given };
}

function refuseOtherVersion(live: HubObject | undefined, resourceVersion: string | undefined): void {
  if (resourceVersion === undefined || live === undefined || live.metadata.resourceVersion === resourceVersion) return;
  throw conflict(
    'CONFLICT',
    `"${live.metadata.name}" is at resourceVersion ${live.metadata.resourceVersion}, not ${resourceVersion}`,
    'Read it again and repeat the change.',
  );
}

function withoutStatus(object: KubernetesObject): KubernetesObject {
  const { status: _status, ...rest } = object;
  return rest as KubernetesObject;
}

function serverGiven(meta: HubObject['metadata']): Partial<ObjectMeta> {
  const { uid, generation, resourceVersion, creationTimestamp, deletionTimestamp } = meta;
  return {
    uid,
    generation,
    resourceVersion,
    creationTimestamp,
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
  };
}
