import { Injectable } from '@nestjs/common';
import { joinPlanViews, type PlanView } from '../changes/plan-view.js';
import type { ChangePreviewer, ProposedChange } from '../documents/change-previewer.js';
import { FleetReadings } from '../generation/fleet-readings.js';
import { viewOf } from '../generation/generated-view.js';
import { PlanReading } from '../generation/plan-reading.js';
import { ProposedClusters } from '../generation/proposed-clusters.js';
import { proposedMetadata } from '../generation/proposed-metadata.js';
import { Clock } from '../kernel/clock.js';
import type { KubernetesObject } from '../kernel/object.js';
import { ownerProject } from './domain/owner-project.js';
import { SetPlanner, type StoredSet } from './set-planner.js';

/** What a written set, or a cluster with other labels, would generate: the same planner, without the commit. */
@Injectable()
export class ApplicationSetPreviewer implements ChangePreviewer {
  constructor(
    private readonly fleet: FleetReadings,
    private readonly planner: SetPlanner,
    private readonly clusters: ProposedClusters,
    private readonly reading: PlanReading,
    private readonly clock: Clock,
  ) {}

  async preview(change: ProposedChange): Promise<PlanView | undefined> {
    if (change.kind === 'ApplicationSet') return this.previewSet(change);
    return change.kind === 'Cluster' ? this.previewCluster(change) : undefined;
  }

  /** Whoever may write the set may know all that its own document leads to; Applications are seen each by itself. */
  private async previewSet({ actor, next, previous }: ProposedChange): Promise<PlanView> {
    const readers = await this.reading.ofApplications(actor);
    if (next) {
      const set = { ...next, metadata: proposedMetadata(next, previous, this.clock) } as StoredSet;
      const reader = { ...readers.of(accessOf(set)), seesSet: true };
      return viewOf(await this.planner.planSet(set, await this.fleet.now()), reader);
    }
    if (!previous) return joinPlanViews([]);
    const plan = await this.planner.planRemoval(previous as StoredSet);
    return viewOf(plan, { ...readers.of(accessOf(previous)), seesSet: true });
  }

  private async previewCluster(change: ProposedChange): Promise<PlanView> {
    const readers = await this.reading.ofApplications(change.actor);
    const { fleet, sets } = await this.clusters.of<StoredSet>('ApplicationSet', change);
    const views: PlanView[] = [];
    for (const set of sets) {
      const view = viewOf(await this.planner.planSet(set, fleet), readers.of(accessOf(set)));
      views.push({ ...view, branches: [] });
    }
    return joinPlanViews(views);
  }
}

function accessOf(set: KubernetesObject): { namespace: string; name: string; project: string } {
  const { namespace = '', name } = set.metadata;
  return { namespace, name, project: ownerProject(set) ?? 'default' };
}
