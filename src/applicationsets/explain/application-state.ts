import { FLEET_SCOPE } from '../../changes/guard.js';
import type { HubObject } from '../../database/objects/hub-object.js';
import type { GeneratedPlan } from '../../generation/generated-plan.js';
import { keyOf } from '../domain/desired-applications.js';
import type { ApplicationState } from './application-why.js';

/** What its set's present plan says of a stored Application, and why it stays where it is not made any more. */
export function stateIn({ metadata }: HubObject, generated: GeneratedPlan): ApplicationState {
  const key = keyOf(metadata);
  const { uid, deletionTimestamp } = metadata;
  const { plan, guarded, problems, stored } = generated;
  if (deletionTimestamp !== undefined) return { state: 'being-deleted' };
  const problem = problems.find((each) => each.key === key);
  if (problem) return { state: 'refused', code: problem.code, reason: problem.message };
  const update = plan.updates.find((each) => each.uid === uid);
  if (update) return { state: 'to-be-updated', changes: update.changes };
  const held = guarded.held.find(({ line }) => line.uid === uid);
  if (held) {
    const reason = held.scope === FLEET_SCOPE ? `removals in ${FLEET_SCOPE} need approval` : held.reason;
    return { state: 'waits-for-approval', reason };
  }
  if (plan.deletes.some((each) => each.uid === uid)) return { state: 'to-be-deleted' };
  const kept = plan.kept.find(({ item }) => item.uid === uid);
  if (kept) return { state: 'kept', reason: kept.reason };
  if (stored.some((each) => each.uid === uid)) return { state: 'as-generated' };
  return { state: 'unknown', reason: 'its set neither makes it nor has it' };
}
