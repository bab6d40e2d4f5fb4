import type { KubernetesObject } from '../../../kernel/object.js';
import { textAt } from './fields.js';
import { healthy, progressing, type Health } from './verdict.js';

/** Argo CD has no check for namespaces; ours only tells an active one from one that is not there yet. */
export function namespaceHealth(object: KubernetesObject): Health {
  const phase = textAt(object, 'status', 'phase');
  return phase === 'Active' ? healthy() : progressing(`Namespace is ${phase || 'being created'}`);
}
