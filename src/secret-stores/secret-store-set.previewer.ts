import { Injectable } from '@nestjs/common';
import { joinPlanViews, type PlanView } from '../changes/plan-view.js';
import { ObjectStore } from '../database/objects/object-store.js';
import type { ChangePreviewer, ProposedChange } from '../documents/change-previewer.js';
import { FleetReadings } from '../generation/fleet-readings.js';
import { viewOf, type PlanReader } from '../generation/generated-view.js';
import { PlanReading } from '../generation/plan-reading.js';
import { ProposedClusters } from '../generation/proposed-clusters.js';
import { proposedMetadata } from '../generation/proposed-metadata.js';
import { Clock } from '../kernel/clock.js';
import { StorePlanner, type StoredStoreSet } from './store-planner.js';

/** What a written SecretStoreSet, or a cluster with other labels, would distribute: the same planner, without the commit. */
@Injectable()
export class SecretStoreSetPreviewer implements ChangePreviewer {
  constructor(
    private readonly store: ObjectStore,
    private readonly fleet: FleetReadings,
    private readonly planner: StorePlanner,
    private readonly clusters: ProposedClusters,
    private readonly reading: PlanReading,
    private readonly clock: Clock,
  ) {}

  async preview(change: ProposedChange): Promise<PlanView | undefined> {
    if (change.kind === 'SecretStoreSet') return this.previewSet(change);
    return change.kind === 'Cluster' ? this.previewCluster(change) : undefined;
  }

  /** Whoever may write a set may see its stores. */
  private async previewSet({ actor, next, previous }: ProposedChange): Promise<PlanView> {
    const readers = await this.reading.ofSets(actor, 'secretstoresets');
    const { seesFleet } = readers.of({ name: (next ?? previous)?.metadata.name ?? '' });
    const writer: PlanReader = { sees: () => true, seesSet: true, seesFleet };
    if (next) {
      const set = { ...next, metadata: proposedMetadata(next, previous, this.clock) } as StoredStoreSet;
      return viewOf(await this.planner.planSet(set, await this.fleet.now()), writer);
    }
    if (!previous) return joinPlanViews([]);
    const { uid } = previous.metadata;
    return viewOf(await this.planner.planOrphans(uid, await this.store.owned(uid)), writer);
  }

  private async previewCluster(change: ProposedChange): Promise<PlanView> {
    const readers = await this.reading.ofSets(change.actor, 'secretstoresets');
    const { fleet, sets } = await this.clusters.of<StoredStoreSet>('SecretStoreSet', change);
    const views: PlanView[] = [];
    for (const set of sets) {
      const { namespace, name } = set.metadata;
      const reader = readers.of({ namespace, name, project: set.spec.project });
      if (!reader.seesSet) continue;
      views.push({ ...viewOf(await this.planner.planSet(set, fleet), reader), branches: [] });
    }
    return joinPlanViews(views);
  }
}
