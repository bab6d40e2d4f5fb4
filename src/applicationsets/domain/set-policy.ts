import type { PlanInput } from '../../changes/plan.js';
import type { ApplicationSetSpec } from './application-set.js';

/** What `syncPolicy.applicationsSync` lets happen to generated Applications (argocd-behaviour.md 3.4). */
export function mayOf(spec: ApplicationSetSpec): PlanInput<unknown, unknown>['may'] {
  const policy = spec.syncPolicy?.applicationsSync ?? 'sync';
  return {
    create: true,
    update: policy === 'sync' || policy === 'create-update',
    delete: policy === 'sync' || policy === 'create-delete',
  };
}
