import { Injectable } from '@nestjs/common';
import { Evaluator } from '../access/evaluator.js';
import type { Actor } from '../access/actor.js';
import { joinPlanViews, type PlanLineView, type PlanView } from '../changes/plan-view.js';
import type { ClusterInfo } from '../clusters/cluster-reader.js';
import { serverOf, type ClusterSpec } from '../clusters/domain/cluster.js';
import { FleetReadings, type FleetReading } from '../clusters/fleet-readings.js';
import type { ObjectWrite, Stored } from '../database/objects/hub-object.js';
import { ObjectStore } from '../database/objects/object-store.js';
import type { ChangePreviewer, ProposedChange } from '../documents/change-previewer.js';
import type { KubernetesObject } from '../kernel/object.js';
import { SetPlanner, type SetPlan, type StoredSet } from './set-planner.js';

/** No stored object has it: what a set or cluster that does not exist yet is planned under. */
const UNSTORED_UID = '00000000-0000-0000-0000-000000000000';

/** What a written set, or a cluster with other labels, would generate: the same planner, without the commit. */
@Injectable()
export class ApplicationSetPreviewer implements ChangePreviewer {
  constructor(
    private readonly store: ObjectStore,
    private readonly fleet: FleetReadings,
    private readonly planner: SetPlanner,
    private readonly evaluator: Evaluator,
  ) {}

  async preview(change: ProposedChange): Promise<PlanView | undefined> {
    if (change.kind === 'ApplicationSet')
      return this.visible(await this.previewSet(change, await this.fleet.now()), change.actor);
    if (change.kind === 'Cluster') return this.visible(await this.previewCluster(change), change.actor);
    return undefined;
  }

  private async previewSet({ next, previous }: ProposedChange, fleet: FleetReading): Promise<PlanView> {
    const metadata = { ...next?.metadata, ...previous?.metadata, uid: previous?.metadata.uid ?? UNSTORED_UID };
    if (!next) {
      const uid = metadata.uid;
      const plan = await this.planner.planOrphans(uid, await this.store.owned(uid));
      return viewOf({ ...plan, expansion: { errors: [] }, problems: [] });
    }
    const set = {
      ...next,
      metadata: { ...metadata, ...next.metadata, uid: metadata.uid },
    } as KubernetesObject as StoredSet;
    return viewOf(await this.planner.planSet(set, fleet));
  }

  private async previewCluster({ next, previous }: ProposedChange): Promise<PlanView> {
    const name = next?.metadata.name ?? previous?.metadata.name ?? '';
    const fleet = await this.fleet.now();
    const changed = {
      ...fleet,
      clusters: fleet.clusters.with(name, next && proposedCluster(next, previous?.metadata.uid)),
    };
    const sets = await this.store.all<StoredSet>('ApplicationSet');
    const views: PlanView[] = [];
    for (const { object } of sets) views.push(viewOf(await this.planner.planSet(object, changed)));
    return joinPlanViews(views);
  }

  /** Lines of Applications the actor may not see are left out, and so are their counts. */
  private async visible(view: PlanView, actor: Actor): Promise<PlanView> {
    const filter = await this.evaluator.filter(actor, 'get', 'applications');
    const keep = (lines: PlanLineView[]) => lines.filter((line) => filter.matches(line));
    const all = filter.kind === 'all';
    return {
      ...view,
      lines: keep(view.lines),
      held: keep(view.held),
      kept: keep(view.kept),
      unchanged: all ? view.unchanged : 0,
    };
  }
}

type Viewable = Pick<SetPlan, 'plan' | 'guarded' | 'problems'> & { expansion: Pick<SetPlan['expansion'], 'errors'> };

function viewOf({ plan, guarded, problems, expansion }: Viewable): PlanView {
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

function proposedCluster({ metadata, spec }: KubernetesObject, uid = UNSTORED_UID): ClusterInfo {
  const { name, labels = {}, annotations = {} } = metadata;
  const server = serverOf(name, (spec ?? {}) as ClusterSpec);
  return { uid, name, server, labels, annotations, resourceVersion: '0' };
}

function storedLine({ object, scope }: Stored): PlanLineView {
  return { ...writeLine({ object, scope }), action: 'delete' };
}

function writeLine({ object, scope }: ObjectWrite): Omit<PlanLineView, 'action'> {
  const { namespace = '', name } = object.metadata;
  const { project, cluster } = scope;
  return { kind: object.kind, namespace, name, ...(project ? { project } : {}), ...(cluster ? { cluster } : {}) };
}
