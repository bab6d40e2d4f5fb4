import { isObject, setOwn } from '../kernel/json.js';
import { groupOf, type KubernetesObject } from '../kernel/object.js';

/** What stands where a secret value was, as Argo CD shows it. */
export const MASK = '++++++++';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** A Secret without its values, to be shown; every other object as it is. Keys stay, and so does what kind of Secret it is. */
export function maskSecret(object: KubernetesObject): KubernetesObject {
  if (object.kind !== 'Secret' || groupOf(object.apiVersion) !== '') return object;
  const masked: KubernetesObject = { ...object, metadata: maskMetadata(object.metadata) };
  for (const field of ['data', 'stringData']) if (field in object) masked[field] = maskValues(object[field]);
  return masked;
}

function maskMetadata(metadata: KubernetesObject['metadata']): KubernetesObject['metadata'] {
  const { annotations } = metadata;
  if (annotations?.[LAST_APPLIED] === undefined) return metadata;
  return { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: MASK } };
}

function maskValues(values: unknown): unknown {
  if (!isObject(values)) return values === undefined || values === null ? values : MASK;
  const masked: Record<string, unknown> = {};
  for (const key of Object.keys(values)) setOwn(masked, key, MASK);
  return masked;
}
