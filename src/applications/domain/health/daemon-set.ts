import type { KubernetesObject } from '../../../kernel/object.js';
import { isBehind, numberAt, textAt } from './fields.js';
import { healthy, progressing, type Health } from './verdict.js';

/** argocd-behaviour.md 4.11, apps/DaemonSet. */
export function daemonSetHealth(object: KubernetesObject): Health {
  if (isBehind(object)) return progressing('Waiting for the newest generation to be observed');
  if (textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete') return healthy();
  const desired = numberAt(object, ['status', 'desiredNumberScheduled']);
  const updated = numberAt(object, ['status', 'updatedNumberScheduled']);
  const available = numberAt(object, ['status', 'numberAvailable']);
  if (updated < desired) return progressing(`${updated} of ${desired} new pods have been updated`);
  if (available < desired) return progressing(`${available} of ${desired} updated pods are available`);
  return healthy();
}
