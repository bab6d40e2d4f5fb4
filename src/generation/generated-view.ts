import type { PlanLineView, PlanView } from '../changes/plan-view.js';
import type { ObjectWrite, Stored } from '../database/objects/hub-object.js';
import type { GeneratedPlan } from './generated-plan.js';

/** A generated plan as people and programs see it. */
export function viewOf({ plan, guarded, problems, expansion }: GeneratedPlan): PlanView {
  const held = new Map(guarded.held.map(({ line, reason }) => [line.uid, reason]));
  const deletes = plan.deletes.map((item) => ({ ...storedLine(item.value), uid: item.uid }));
  return {
    lines: [
      ...plan.creates.map(({ value }) => ({ ...writeLine(value), action: 'create' as const })),
      ...plan.updates.map(({ desired, changes }) => ({ ...writeLine(desired), action: 'update' as const, changes })),
      ...deletes.filter(({ uid }) => !held.has(uid)).map(({ uid: _uid, ...line }) => line),
    ],
    held: deletes.flatMap(({ uid, ...line }) => (held.has(uid) ? [{ ...line, reason: held.get(uid) ?? '' }] : [])),
    kept: plan.kept.map(({ item, reason }) => ({ ...storedLine(item.value), reason })),
    unchanged: plan.unchanged,
    errors: [...expansion.errors, ...problems.map(({ code, message, key }) => ({ code, message, path: key }))],
  };
}

function storedLine({ object, scope }: Stored): PlanLineView {
  return { ...writeLine({ object, scope }), action: 'delete' };
}

function writeLine({ object, scope }: ObjectWrite): Omit<PlanLineView, 'action'> {
  const { namespace = '', name } = object.metadata;
  const { project, cluster } = scope;
  return { kind: object.kind, namespace, name, ...(project ? { project } : {}), ...(cluster ? { cluster } : {}) };
}
