import type { KubernetesObject } from '../../../kernel/object.js';
import { conditionsOf, isBehind, numberAt } from './fields.js';
import { degraded, healthy, progressing, type Health } from './verdict.js';

/** argocd-behaviour.md 4.11, apps/ReplicaSet. */
export function replicaSetHealth(object: KubernetesObject): Health {
  if (isBehind(object)) return progressing('Waiting for the newest generation to be observed');
  const failure = conditionsOf(object).find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  if (failure) return degraded(failure.message);
  const wanted = numberAt(object, ['spec', 'replicas']);
  const available = numberAt(object, ['status', 'availableReplicas']);
  return available < wanted ? progressing(`${available} of ${wanted} replicas are available`) : healthy();
}
