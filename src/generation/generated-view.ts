import type { AccessObject } from '../access/access-object.js';
import { FLEET_SCOPE, type HeldLine } from '../changes/guard.js';
import type { PlanLineView, PlanView } from '../changes/plan-view.js';
import type { StoredItem } from '../changes/plan.js';
import type { ObjectWrite, Stored } from '../database/objects/hub-object.js';
import type { GeneratedPlan } from './generated-plan.js';
import type { Problem } from './judged-items.js';

/** What the reader of a plan may see of it. */
export interface PlanReader {
  /** An object that the plan concerns, as it is or as it would become. */
  sees(object: AccessObject): boolean;
  /** The set itself, and so its generators, errors and warnings. */
  seesSet: boolean;
  /** Counts over all projects. */
  seesFleet: boolean;
}

/** A generated plan as people and programs see it; what they may not see is neither shown nor counted. */
export function viewOf(generated: GeneratedPlan, reader: PlanReader): PlanView {
  const { sees, seesSet } = reader;
  const { plan, guarded, expansion, owner, turns } = generated;
  const seesWrite = (write: ObjectWrite): boolean => sees(accessOf(write));
  const seesItem = ({ value }: { value: ObjectWrite }): boolean => seesWrite(value);
  const updates = plan.updates.filter(({ desired, stored }) => seesWrite(desired) && seesWrite(stored));
  const reasons = new Map(guarded.held.map((held) => [held.line.uid, heldReason(held, reader)]));
  const deletes = plan.deletes.filter(seesItem);
  return {
    lines: [
      ...plan.creates
        .filter(seesItem)
        .map(({ key, value }) => lineOf(value, 'create', { object: value.object, ...turnOf(turns, key) })),
      ...updates.map(({ key, desired, changes }) => lineOf(desired, 'update', { changes, ...turnOf(turns, key) })),
      ...deletes.filter(({ uid }) => !reasons.has(uid)).map(({ value }) => lineOf(value, 'delete')),
    ],
    held: deletes
      .filter(({ uid }) => reasons.has(uid))
      .map(({ uid, value }) => lineOf(value, 'delete', { reason: reasons.get(uid) ?? '' })),
    kept: plan.kept
      .filter(({ item }) => seesItem(item))
      .map(({ item, reason }) => lineOf(item.value, 'delete', { reason: seesSet ? reason : UNSEEN })),
    unchanged: unchangedOf(generated).filter(seesItem).length,
    errors: seesSet ? expansion.errors.map((error) => ({ ...error, owner: owner.name })) : [],
    problems: generated.problems
      .filter((problem) => seesProblem(problem, sees))
      .map(({ key, code, message }) => ({ key, code, message })),
    warnings: seesSet ? [...expansion.warnings] : [],
    branches: seesSet ? expansion.branches.map(branchOf) : [],
  };
}

function turnOf(turns: GeneratedPlan['turns'], key: string): Pick<PlanLineView, 'rollout'> {
  const rollout = turns?.get(key);
  return rollout ? { rollout } : {};
}

const UNSEEN = 'its set decides, which you may not see';

/** A reason may tell inputs of the set, or how much goes from the whole fleet. */
function heldReason({ reason, scope }: HeldLine, { seesSet, seesFleet }: PlanReader): string {
  if (!seesSet) return UNSEEN;
  return scope === FLEET_SCOPE && !seesFleet ? `removals in ${FLEET_SCOPE} need approval` : reason;
}

/** What is stored and stays without a change. */
function unchangedOf({ plan, stored }: GeneratedPlan): StoredItem<Stored>[] {
  const touched = [...plan.updates, ...plan.deletes, ...plan.kept.map(({ item }) => item)];
  const uids = new Set(touched.map(({ uid }) => uid));
  return stored.filter(({ uid, deleting }) => !deleting && !uids.has(uid));
}

function seesProblem({ key, project }: Problem, sees: PlanReader['sees']): boolean {
  const slash = key.indexOf('/');
  const place = { namespace: key.slice(0, Math.max(slash, 0)), name: key.slice(slash + 1) };
  return sees({ ...place, ...(project === undefined ? {} : { project }) });
}

function branchOf({ index, state, results, error }: GeneratedPlan['expansion']['branches'][number]) {
  return { path: `spec.generators[${index}]`, state, results, ...(error === undefined ? {} : { error }) };
}

function accessOf({ object, scope }: ObjectWrite): AccessObject {
  const { name, namespace = '' } = object.metadata;
  return { name, namespace, ...(scope.project === undefined ? {} : { project: scope.project }) };
}

function lineOf(
  { object, scope }: ObjectWrite,
  action: PlanLineView['action'],
  told: Partial<PlanLineView> = {},
): PlanLineView {
  const { namespace = '', name } = object.metadata;
  const { project, cluster } = scope;
  const place = { ...(project ? { project } : {}), ...(cluster ? { cluster } : {}) };
  return { action, kind: object.kind, namespace, name, ...place, ...told };
}
