import type { KubernetesObject } from '../../kernel/object.js';
import { fieldAt, textAt } from './health/fields.js';

/** Scopes that definitions among the objects declare, by group/kind: for kinds that a cluster does not serve yet. */
export function declaredScopes(objects: readonly KubernetesObject[]): Map<string, boolean> {
  const scopes = new Map<string, boolean>();
  for (const object of objects) {
    if (object.kind !== 'CustomResourceDefinition' || fieldAt(object, 'spec', 'scope') === undefined) continue;
    const kind = `${textAt(object, 'spec', 'group')}/${textAt(object, 'spec', 'names', 'kind')}`;
    scopes.set(kind, textAt(object, 'spec', 'scope') === 'Namespaced');
  }
  return scopes;
}
