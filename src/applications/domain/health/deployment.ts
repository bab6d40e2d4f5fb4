import type { KubernetesObject } from '../../../kernel/object.js';
import { conditionsOf, fieldAt, isBehind, numberAt } from './fields.js';
import { degraded, healthy, progressing, suspended, type Health } from './verdict.js';

/** argocd-behaviour.md 4.11, apps/Deployment. */
export function deploymentHealth(object: KubernetesObject): Health {
  if (fieldAt(object, 'spec', 'paused') === true) return suspended('Deployment is paused');
  if (isBehind(object)) return progressing('Waiting for the newest generation to be observed');
  const progress = conditionsOf(object).find(({ type }) => type === 'Progressing');
  if (progress?.reason === 'ProgressDeadlineExceeded') {
    return degraded(progress.message || 'Deployment exceeded its progress deadline');
  }
  return rollout(object);
}

function rollout(object: KubernetesObject): Health {
  const wanted = numberAt(object, ['spec', 'replicas']);
  const updated = numberAt(object, ['status', 'updatedReplicas']);
  const replicas = numberAt(object, ['status', 'replicas']);
  const available = numberAt(object, ['status', 'availableReplicas']);
  if (updated < wanted) return progressing(`${updated} of ${wanted} new replicas have been updated`);
  if (replicas > updated) return progressing(`${replicas - updated} old replicas are pending termination`);
  if (available < updated) return progressing(`${available} of ${updated} updated replicas are available`);
  return healthy();
}
