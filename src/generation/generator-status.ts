import { setCondition, type Condition } from '../kernel/conditions.js';
import type { JsonObject } from '../kernel/json.js';
import type { Guarded } from '../changes/guard.js';
import type { Plan } from '../changes/plan.js';
import type { HubObject } from '../database/objects/hub-object.js';
import type { Branch, ExpansionError } from '../expansion/expansion.js';
import type { OwnedCommit } from './owned-objects.js';

/** What a pass over a set of generators found, whatever it generates. */
export interface GeneratorPass {
  expansion: { branches: readonly Branch[]; errors: readonly ExpansionError[]; warnings: readonly string[] };
  problems: readonly { key: string; code: string; message: string }[];
  plan: Plan<unknown, unknown>;
  guarded: Guarded;
  /** Of a set that syncs what it generates step by step; null before the rollout was looked at. */
  rollout?: RolloutVerdict | null;
}

/** How far a rollout is (argocd-behaviour.md 3.6). */
export interface RolloutVerdict {
  /** The step that is being rolled out, from 1; null when all is done. */
  step: number | null;
  steps: number;
  /** What is wrong with the steps. */
  faults: readonly string[];
}

const MAX_LISTED_PROBLEMS = 20;

/**
 * Conditions as Argo CD names them (argocd-behaviour.md 3.3), `AwaitingApproval` and `ResourcesHeld` beside them.
 * Texts are sorted and carry no times, so that a repeated verdict writes nothing.
 */
export function generatorStatus(set: HubObject, pass: GeneratorPass, commit: OwnedCommit, at: string): JsonObject {
  const { errors, branches } = pass.expansion;
  const failure = errors[0];
  const problem = pass.problems[0];
  const verdicts: Omit<Condition, 'observedGeneration'>[] = [
    failure
      ? no('ParametersGenerated', reasonOf(failure.code), `${failure.path}: ${failure.message}`)
      : yes('ParametersGenerated', 'ParametersGenerated', 'Successfully generated parameters for all Applications'),
    failure || problem
      ? yes('ErrorOccurred', failure ? reasonOf(failure.code) : 'ApplicationValidationError', errorText(pass))
      : no('ErrorOccurred', 'ApplicationSetUpToDate', 'ApplicationSet up to date'),
    failure || problem
      ? no('ResourcesUpToDate', failure ? reasonOf(failure.code) : 'ApplicationValidationError', errorText(pass))
      : yes('ResourcesUpToDate', 'ApplicationSetUpToDate', 'ApplicationSet up to date'),
    commit.held > 0
      ? yes('AwaitingApproval', 'RemovalsHeld', `${commit.held} removals wait: ${pass.guarded.held[0]?.reason}`)
      : no('AwaitingApproval', 'NothingHeld', 'no removal waits'),
  ];
  verdicts.push(...rolloutConditions(pass.rollout));
  const stored = (set.status?.['conditions'] ?? []) as unknown as Condition[];
  const previous = stored.filter(({ type }) => verdicts.some((verdict) => verdict.type === type));
  const observedGeneration = set.metadata.generation;
  const conditions = verdicts.reduce(
    (all, verdict) => setCondition(all, { ...verdict, observedGeneration }, at),
    previous,
  );
  const applications =
    pass.plan.unchanged + pass.plan.updates.length + pass.plan.creates.length + pass.plan.kept.length + commit.held;
  const status = {
    conditions,
    resourcesCount: applications,
    health: { status: healthOf(verdicts) },
    generators: branches.map(({ index, state, results }) => ({ index, state, results })),
    errors: errors.slice(0, MAX_LISTED_PROBLEMS).map(({ code, path, message }) => ({ code, path, message })),
    warnings: pass.expansion.warnings.slice(0, MAX_LISTED_PROBLEMS),
    problems: pass.problems
      .slice(0, MAX_LISTED_PROBLEMS)
      .map(({ key, code, message }) => ({ application: key, code, message })),
  };
  return status as unknown as JsonObject;
}

function rolloutConditions(rollout: RolloutVerdict | null | undefined): Omit<Condition, 'observedGeneration'>[] {
  if (!rollout) return [];
  const { step, faults } = rollout;
  return [
    step === null
      ? no('RolloutProgressing', 'ApplicationSetRolloutComplete', 'ApplicationSet Rollout has completed')
      : yes('RolloutProgressing', 'ApplicationSetModified', `ApplicationSet is performing rollout of step ${step}`),
    faults.length > 0
      ? yes('InvalidRolloutConfig', 'InvalidRolloutConfig', faults.join('; '))
      : no('InvalidRolloutConfig', 'ValidRolloutConfig', 'Rolling Sync Configured correctly'),
  ];
}

/** argocd-behaviour.md 3.3. */
function healthOf(conditions: readonly Pick<Condition, 'type' | 'status'>[]): string {
  const isTrue = (type: string): boolean =>
    conditions.some((condition) => condition.type === type && condition.status === 'True');
  if (isTrue('ErrorOccurred')) return 'Degraded';
  if (isTrue('RolloutProgressing')) return 'Progressing';
  return isTrue('ResourcesUpToDate') ? 'Healthy' : 'Unknown';
}

function errorText({ expansion, problems }: GeneratorPass): string {
  const texts = [
    ...expansion.errors.map(({ path, message }) => `${path}: ${message}`),
    ...problems.map(({ key, message }) => `${key}: ${message}`),
  ];
  return texts.length === 1 ? (texts[0] ?? '') : `${texts[0]} (and ${texts.length - 1} more)`;
}

function reasonOf(code: string): string {
  return /TEMPLATE|RENDER|PATCH/.test(code) ? 'RenderTemplateParamsError' : 'ApplicationGenerationFromParamsError';
}

function yes(type: string, reason: string, message: string): Omit<Condition, 'observedGeneration'> {
  return { type, status: 'True', reason, message };
}

function no(type: string, reason: string, message: string): Omit<Condition, 'observedGeneration'> {
  return { type, status: 'False', reason, message };
}
