import type { KubernetesObject } from '../../../kernel/object.js';
import { textAt } from './fields.js';
import { degraded, healthy, progressing, unknown, type Health } from './verdict.js';

/** argocd-behaviour.md 4.11, PVC. */
export function persistentVolumeClaimHealth(object: KubernetesObject): Health {
  const phase = textAt(object, 'status', 'phase');
  switch (phase) {
    case 'Bound':
      return healthy();
    case 'Lost':
      return degraded('The claim lost its volume');
    case 'Pending':
      return progressing('The claim waits for a volume');
    default:
      return unknown(phase === '' ? 'The claim has no phase yet' : `The claim is in the unknown phase ${phase}`);
  }
}
