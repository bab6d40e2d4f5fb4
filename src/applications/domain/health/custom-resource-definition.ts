import type { KubernetesObject } from '../../../kernel/object.js';
import { conditionsOf, fieldAt, type StatusCondition } from './fields.js';
import { degraded, healthy, progressing, unknown, type Health } from './verdict.js';

/** health.md, apiextensions.k8s.io/CustomResourceDefinition: the first condition that fits a rule decides. */
export function customResourceDefinitionHealth(object: KubernetesObject): Health {
  if (fieldAt(object, 'status') === undefined) return unknown('The definition has no status yet');
  const conditions = conditionsOf(object);
  if (conditions.length === 0) return progressing('The definition has no conditions yet');
  for (const condition of conditions) {
    const verdict = ofCondition(condition);
    if (verdict) return verdict;
  }
  const established = conditions.some(({ type, status }) => type === 'Established' && status === 'True');
  return established ? healthy() : degraded('The definition is not established');
}

function ofCondition({ type, status, reason, message }: StatusCondition): Health | undefined {
  if (type === 'Terminating' && status === 'True') return progressing(message);
  if (type === 'NamesAccepted' && status === 'False') return degraded(message);
  if (type === 'NonStructuralSchema' && status === 'True') return degraded(message);
  if (type === 'Established' && status !== 'True' && reason === 'Installing') return progressing(message);
  return undefined;
}
