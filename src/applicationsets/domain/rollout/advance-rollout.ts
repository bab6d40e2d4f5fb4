import type { RolloutVerdict } from '../../../generation/generator-status.js';
import { maxUpdateOf } from './max-update.js';
import { moved, observedTransition } from './observed-transition.js';
import type { RolloutStep } from './rolling-strategy.js';
import type { ObservedApplication, RolloutEntry } from './rollout-entry.js';
import { stepLabel, stepMembers, type StepMembers } from './step-members.js';

/** A status must not grow with its set. */
const MOST_FAULTS = 20;

export interface RolloutInput {
  steps: readonly RolloutStep[];
  /** Every Application of the set that is not going away. */
  applications: readonly ObservedApplication[];
  /** Where they stood before, by uid. */
  entries: ReadonlyMap<string, RolloutEntry>;
  /** RFC 3339. */
  at: string;
}

export interface Rollout {
  /** In the order of the Applications' keys. */
  entries: RolloutEntry[];
  /** Applications whose sync is to be started now. */
  starts: string[];
  verdict: RolloutVerdict;
  /** True while some Application was not looked at since it changed: nothing moves to Pending before. */
  unsettled: boolean;
}

/** One look at a rollout (argocd-behaviour.md 3.6): pure, so that asking again with the same answers changes nothing. */
export function advanceRollout({ steps, applications, entries, at }: RolloutInput): Rollout {
  const sorted = [...applications].sort((a, b) => (a.key < b.key ? -1 : 1));
  const arranged = stepMembers(steps, sorted);
  const observed = sorted.map((application) => ({
    application,
    entry: observedTransition(entries.get(application.uid), application, {
      step: stepLabel(arranged.stepOf, application.key),
      at,
    }),
  }));
  const unsettled = sorted.some(({ settled }) => !settled);
  const quota = new StepQuota(steps, arranged, observed);
  const reached = reachedKeys(arranged, observed);
  const next = observed.map(({ application, entry }) => {
    const may = !unsettled && entry.status === 'Waiting' && reached.has(application.key) && quota.take(application.key);
    return { application, entry: may ? pending(entry, at) : entry };
  });
  return {
    entries: next.map(({ entry }) => entry),
    starts: next.filter(needsOperation).map(({ application }) => application.uid),
    verdict: {
      step: progressingStep(steps.length, next),
      steps: steps.length,
      faults: [...arranged.faults, ...quota.faults].slice(0, MOST_FAULTS),
    },
    unsettled,
  };
}

interface Standing {
  application: ObservedApplication;
  entry: RolloutEntry;
}

function pending(entry: RolloutEntry, at: string): RolloutEntry {
  const message = 'its step is reached and there is room: a sync is started';
  return { ...moved(entry, 'Pending', { message, at }), operationId: null };
}

/** A step is reached when every Application of all steps before it is Healthy; a step that selects none is passed over. */
function reachedKeys({ members }: StepMembers, observed: readonly Standing[]): Set<string> {
  const status = new Map(observed.map(({ application, entry }) => [application.key, entry.status]));
  const reached = new Set<string>();
  for (const keys of members) {
    for (const key of keys) reached.add(key);
    if (keys.some((key) => status.get(key) !== 'Healthy')) break;
  }
  return reached;
}

/** Pending, and its operation is neither open nor answered: it was never started, withdrawn, or ran out of time. */
function needsOperation({ application, entry }: Standing): boolean {
  if (entry.status !== 'Pending') return false;
  return entry.operationId === null || application.openOperationId !== entry.operationId;
}

function progressingStep(count: number, next: readonly Standing[]): number | null {
  const open = next.filter(({ entry }) => entry.status !== 'Healthy').map(({ entry }) => Number(entry.step));
  const steps = open.filter((step) => step >= 1 && step <= count);
  return steps.length === 0 ? null : Math.min(...steps);
}

/** How many Applications of each step may still become Pending. */
class StepQuota {
  readonly faults: string[] = [];
  private readonly left: number[];

  /** An Application in no step counts in the first one, as Argo CD counts it. */
  constructor(
    steps: readonly RolloutStep[],
    private readonly arranged: StepMembers,
    observed: readonly Standing[],
  ) {
    const totals = steps.map(() => 0);
    const updating = steps.map(() => 0);
    for (const { application, entry } of observed) {
      const step = this.stepOf(application.key);
      totals[step] = (totals[step] ?? 0) + 1;
      if (entry.status === 'Pending' || entry.status === 'Progressing') updating[step] = (updating[step] ?? 0) + 1;
    }
    this.left = steps.map(({ maxUpdate }, step) => {
      const { allowed, fault } = maxUpdateOf(maxUpdate, totals[step] ?? 0);
      if (fault !== undefined && (totals[step] ?? 0) > 0) this.faults.push(`step ${step + 1}: ${fault}`);
      return allowed - (updating[step] ?? 0);
    });
  }

  take(key: string): boolean {
    const step = this.stepOf(key);
    const left = this.left[step] ?? 0;
    if (left <= 0) return false;
    this.left[step] = left - 1;
    return true;
  }

  private stepOf(key: string): number {
    return this.arranged.stepOf.get(key) ?? 0;
  }
}
