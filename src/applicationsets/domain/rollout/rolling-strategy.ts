import type { ApplicationSetSpec } from '../application-set.js';

/** One step of `strategy.rollingSync`: who is in it, and how many of them may change at a time. */
export interface RolloutStep {
  matchExpressions: readonly { key: string; operator: string; values: readonly string[] }[];
  maxUpdate?: number | string | undefined;
}

/**
 * The steps of a set that rolls out, else undefined. Only the exact type `RollingSync` counts, with `rollingSync` beside
 * it (argocd-behaviour.md 3.6); no steps at all is an error for whoever plans the set.
 */
export function rollingSteps({ strategy }: Pick<ApplicationSetSpec, 'strategy'>): RolloutStep[] | undefined {
  if (strategy?.type !== 'RollingSync' || !strategy.rollingSync) return undefined;
  return (strategy.rollingSync.steps ?? []).map(({ matchExpressions, maxUpdate }) => ({
    matchExpressions: (matchExpressions ?? []).map(({ key, operator, values }) => ({
      key: key ?? '',
      operator: operator ?? '',
      values: values ?? [],
    })),
    ...(maxUpdate === undefined || maxUpdate === null ? {} : { maxUpdate }),
  }));
}

/** Whether its Applications are deleted last step first: only with steps, whatever the case of the word. */
export function deletesInReverse(spec: Pick<ApplicationSetSpec, 'strategy'>): boolean {
  return (rollingSteps(spec)?.length ?? 0) > 0 && spec.strategy?.deletionOrder?.toLowerCase() === 'reverse';
}
