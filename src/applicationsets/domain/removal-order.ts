import type { ApplicationSetSpec } from './application-set.js';
import { deletesInReverse, rollingSteps } from './rollout/rolling-strategy.js';
import { stepMembers, type Labelled } from './rollout/step-members.js';
import { mayOf } from './set-policy.js';

/** With or without a suffix; on a set it means that the set's own rules decide what becomes of its Applications. */
export const SET_FINALIZER = 'resources-finalizer.argocd.argoproj.io';

/** What a deleted set does with its Applications before it lets itself go (argocd-behaviour.md 3.1 step 1). */
export type RemovalRule = 'keep' | 'reverse' | 'together';

/**
 * keep: a policy that never deletes gives them up instead. reverse: one at a time, last step first. together: they go as
 * what nobody owns any more goes. Only a set with the finalizer has a say.
 */
export function removalRule(spec: ApplicationSetSpec, finalizers: readonly string[]): RemovalRule {
  if (!finalizers.some((finalizer) => finalizer.split('/')[0] === SET_FINALIZER)) return 'together';
  if (!mayOf(spec).delete) return 'keep';
  return deletesInReverse(spec) ? 'reverse' : 'together';
}

export interface LeavingApplication extends Labelled {
  /** Deleted already, and not gone yet. */
  deleting: boolean;
}

/**
 * The Application to delete next: last step first, by name within a step; 'wait' while one is on its way out,
 * 'none' when no step has one left. Applications in no step are not its matter (argocd-behaviour.md 3.6).
 */
export function nextToDelete(
  spec: ApplicationSetSpec,
  applications: readonly LeavingApplication[],
): { next: string } | 'wait' | 'none' {
  const { stepOf } = stepMembers(rollingSteps(spec) ?? [], applications);
  const left = applications
    .flatMap(({ key, deleting }) => ({ key, deleting, step: stepOf.get(key) ?? -1 }))
    .filter(({ step }) => step >= 0)
    .sort((a, b) => b.step - a.step || (a.key < b.key ? -1 : 1));
  if (left.some(({ deleting }) => deleting)) return 'wait';
  return left[0] ? { next: left[0].key } : 'none';
}
