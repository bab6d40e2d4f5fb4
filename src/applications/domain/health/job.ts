import type { KubernetesObject } from '../../../kernel/object.js';
import { conditionsOf } from './fields.js';
import { degraded, healthy, progressing, suspended, type Health } from './verdict.js';

/** argocd-behaviour.md 4.11, batch/Job: the presence of a condition counts, not its status, except for Suspended. */
export function jobHealth(object: KubernetesObject): Health {
  const conditions = conditionsOf(object);
  const failed = conditions.find(({ type }) => type === 'Failed');
  if (failed) return degraded(failed.message);
  const pause = conditions.find(({ type }) => type === 'Suspended');
  if (pause?.status === 'True') return suspended(pause.message);
  const complete = conditions.find(({ type }) => type === 'Complete') ?? pause;
  return complete ? healthy(complete.message) : progressing('Waiting for the Job to complete');
}
