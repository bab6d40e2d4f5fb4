import { own } from '../../../kernel/json.js';
import type { Labels } from '../../../kernel/label-selector.js';
import type { RolloutStep } from './rolling-strategy.js';

export interface Labelled {
  key: string;
  labels: Labels;
}

/** Who is in which step. Steps count from 0 here and from 1 for people. */
export interface StepMembers {
  /** Keys by step; one that several steps select is in each of them. */
  members: readonly (readonly string[])[];
  /** The first step that selects a key; none for those that no step selects. */
  stepOf: ReadonlyMap<string, number>;
  /** What is wrong with the steps, for people, sorted by step. */
  faults: readonly string[];
}

/** argocd-behaviour.md 3.6: labels against expressions, ANDed; only `In` and `NotIn`. */
export function stepMembers(steps: readonly RolloutStep[], applications: readonly Labelled[]): StepMembers {
  const members = steps.map((step) =>
    applications.filter(({ labels }) => isSelected(step, labels)).map(({ key }) => key),
  );
  const stepOf = new Map<string, number>();
  const faults: string[] = [];
  for (const [index, keys] of members.entries()) {
    faults.push(...operatorFaults(steps[index], index, applications));
    if (keys.length === 0) faults.push(`step ${index + 1} selects no Application`);
    for (const key of keys) {
      const first = stepOf.get(key);
      if (first === undefined) stepOf.set(key, index);
      else faults.push(`Application ${key} is selected by steps ${first + 1} and ${index + 1}; the first one counts`);
    }
  }
  return { members, stepOf, faults };
}

/** As Argo CD prints it: `-1` for an Application in no step. */
export function stepLabel(stepOf: ReadonlyMap<string, number>, key: string): string {
  const step = stepOf.get(key);
  return String(step === undefined ? -1 : step + 1);
}

function isSelected({ matchExpressions }: RolloutStep, labels: Labels): boolean {
  return matchExpressions.every(({ key, operator, values }) => {
    const value = own(labels, key) as string | undefined;
    // Without the label only `In` takes an Application out, so an unknown operator leaves it in.
    if (value === undefined) return operator !== 'In';
    if (operator === 'In') return values.includes(value);
    return operator === 'NotIn' && !values.includes(value);
  });
}

/** An unknown operator is noticed where some Application has its label. */
function operatorFaults(step: RolloutStep | undefined, index: number, applications: readonly Labelled[]): string[] {
  const unknown = (step?.matchExpressions ?? []).filter(
    ({ key, operator }) =>
      operator !== 'In' && operator !== 'NotIn' && applications.some(({ labels }) => Object.hasOwn(labels, key)),
  );
  return [...new Set(unknown.map(({ operator }) => operator))].map(
    (operator) => `step ${index + 1} has the operator "${operator}"; only In and NotIn are known`,
  );
}
