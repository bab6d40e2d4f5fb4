import { maxUpdateOf } from './max-update.js';
import type { RolloutStep } from './rolling-strategy.js';
import { stepMembers, type Labelled } from './step-members.js';

/** When a rollout would sync an Application that a plan changes. */
export interface RolloutTurn {
  /** From 1; -1 for one in no step, which is never synced by itself. */
  step: number;
  /** Whether it would be among those that are synced at once. */
  first: boolean;
}

/** Whose turn it would be, given that everything that stays as it is is Healthy. By key, of the changed ones only. */
export function rolloutTurns(
  steps: readonly RolloutStep[],
  applications: readonly Labelled[],
  changed: ReadonlySet<string>,
): Map<string, RolloutTurn> {
  const { stepOf } = stepMembers(steps, applications);
  const keys = [...changed].sort();
  const firstStep = Math.min(...keys.flatMap((key) => stepOf.get(key) ?? []));
  const total = applications.filter(({ key }) => (stepOf.get(key) ?? 0) === firstStep).length;
  const { allowed } = maxUpdateOf(steps[firstStep]?.maxUpdate, total);
  const first = new Set(keys.filter((key) => stepOf.get(key) === firstStep).slice(0, Math.max(0, allowed)));
  return new Map(keys.map((key) => [key, { step: (stepOf.get(key) ?? -2) + 1, first: first.has(key) }]));
}
