import { Injectable } from '@nestjs/common';
import { Evaluator } from '../access/evaluator.js';
import type { Actor } from '../access/actor.js';
import { joinPlanViews, type PlanLineView, type PlanView } from '../changes/plan-view.js';
import type { ClusterInfo } from '../clusters/cluster-reader.js';
import { serverOf, type ClusterSpec } from '../clusters/domain/cluster.js';
import { FleetReadings, type FleetReading } from '../generation/fleet-readings.js';
import { ObjectStore } from '../database/objects/object-store.js';
import type { ChangePreviewer, ProposedChange } from '../documents/change-previewer.js';
import { UNSTORED_UID } from '../kernel/ids.js';
import type { KubernetesObject } from '../kernel/object.js';
import { viewOf } from '../generation/generated-view.js';
import { SetPlanner, type StoredSet } from './set-planner.js';

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
      return viewOf(plan);
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

function proposedCluster({ metadata, spec }: KubernetesObject, uid = UNSTORED_UID): ClusterInfo {
  const { name, labels = {}, annotations = {} } = metadata;
  const server = serverOf(name, (spec ?? {}) as ClusterSpec);
  return { uid, name, server, labels, annotations, resourceVersion: '0' };
}
