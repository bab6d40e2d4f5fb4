import type { ApiResourceFact } from '../../dispatch/protocol/join.js';
import { objectKey, type ObjectId } from '../../kernel/object.js';
import { isClusterScopedKind } from '../../kubernetes/cluster-scoped-kinds.js';

export type ScopeOf = (group: string, kind: string) => boolean | undefined;

/** Whether a kind lives in namespaces, by what the cluster serves, else by what every cluster serves. */
export function scopeLookup(apis: readonly ApiResourceFact[]): ScopeOf {
  const served = new Map(apis.map((api) => [`${api.group}/${api.kind}`, api.namespaced]));
  return (group, kind) => served.get(`${group}/${kind}`) ?? (isClusterScopedKind(group, kind) ? false : undefined);
}

/** An object of a bundle as it will stand on the cluster: the default namespace filled in (rendering/domain/stamp). */
export function placed(
  id: ObjectId,
  isNamespaced: ScopeOf,
  defaultNamespace: string,
): ObjectId & { namespaced: boolean } {
  const namespaced = isNamespaced(id.group, id.kind) ?? true;
  return { ...id, namespaced, namespace: namespaced ? id.namespace || defaultNamespace : '' };
}

/** Each once: the default namespace makes one object of two, and hooks that wait for their names share a key. */
export function placedKeys(ids: readonly ObjectId[], isNamespaced: ScopeOf, defaultNamespace: string): string[] {
  return [...new Set(ids.map((id) => objectKey(placed(id, isNamespaced, defaultNamespace))))].sort();
}
