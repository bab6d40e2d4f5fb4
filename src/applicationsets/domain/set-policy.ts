import type { PlanInput } from '../../changes/plan.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import type { ApplicationSetSpec } from './application-set.js';
import { IgnoredDifferences } from './ignored-differences.js';
import { preservedFieldsOf, type PreservedFields } from './preserved-fields.js';
import { rollingSteps, type RolloutStep } from './rollout/rolling-strategy.js';

/** How a set treats what it generates, beside what it lets happen at all. */
export interface SetPolicies {
  preserved: PreservedFields;
  ignored: IgnoredDifferences;
  /** Of a set that rolls out. */
  steps?: readonly RolloutStep[] | undefined;
}

export const NO_POLICIES: SetPolicies = {
  preserved: { labels: new Set(), annotations: new Set() },
  ignored: IgnoredDifferences.NONE,
};

export interface PolicyFault {
  code: 'ROLLOUT_WITHOUT_STEPS' | 'IGNORE_EXPRESSION_INVALID';
  path: string;
  message: string;
}

/** A rollout without steps would sync nothing or everything, and neither is meant. */
export function setPolicies(spec: ApplicationSetSpec): Result<SetPolicies, PolicyFault> {
  const steps = rollingSteps(spec);
  if (steps?.length === 0) {
    const path = 'spec.strategy.rollingSync.steps';
    return fail({ code: 'ROLLOUT_WITHOUT_STEPS', path, message: 'No steps defined for rollout' });
  }
  const ignored = ignoredDifferences(spec);
  return ignored.ok ? ok({ preserved: preservedFieldsOf(spec), ignored: ignored.value, steps }) : ignored;
}

export function ignoredDifferences(spec: ApplicationSetSpec): Result<IgnoredDifferences, PolicyFault> {
  const ignored = IgnoredDifferences.of(spec.ignoreApplicationDifferences);
  return ignored.ok ? ignored : fail({ code: 'IGNORE_EXPRESSION_INVALID', ...ignored.error });
}

/** What `syncPolicy.applicationsSync` lets happen to generated Applications (argocd-behaviour.md 3.4). */
export function mayOf(spec: ApplicationSetSpec): PlanInput<unknown, unknown>['may'] {
  const policy = spec.syncPolicy?.applicationsSync ?? 'sync';
  return {
    create: true,
    update: policy === 'sync' || policy === 'create-update',
    delete: policy === 'sync' || policy === 'create-delete',
  };
}
