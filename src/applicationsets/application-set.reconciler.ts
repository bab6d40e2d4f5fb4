import { Injectable } from '@nestjs/common';
import { ObjectStore } from '../database/objects/object-store.js';
import { FleetReadings } from '../generation/fleet-readings.js';
import { GeneratorRuns } from '../generation/generator-runs.js';
import { TouchedSets } from '../generation/touched-sets.js';
import { controllerOf } from '../kernel/object.js';
import type { ObjectChange } from '../reconcile/object-change.js';
import { done, type Outcome } from '../reconcile/outcome.js';
import { Reconciler } from '../reconcile/reconciler.js';
import { SetPlanner, type StoredSet } from './set-planner.js';

/** Keeps each set's Applications as its generators, template and policies have them. */
@Injectable()
export class ApplicationSetReconciler extends Reconciler {
  readonly queue = 'applicationsets';

  constructor(
    private readonly store: ObjectStore,
    private readonly fleet: FleetReadings,
    private readonly planner: SetPlanner,
    private readonly runs: GeneratorRuns,
    private readonly touched: TouchedSets,
  ) {
    super();
  }

  /** A set, what it owns, and whatever a change of the fleet or of a project touches. */
  async interestedIn(changes: readonly ObjectChange[]): Promise<readonly string[]> {
    const keys = await this.touched.of('ApplicationSet', changes);
    for (const change of changes) {
      if (change.kind === 'ApplicationSet') keys.add(change.uid);
      if (change.kind === 'Application' && change.ownerUid !== undefined) keys.add(change.ownerUid);
    }
    return [...keys];
  }

  async reconcile(uid: string): Promise<Outcome> {
    const stored = await this.store.findByUid<StoredSet>(uid);
    if (stored?.object.kind === 'ApplicationSet') {
      return this.runs.run(stored.object, await this.planner.planSet(stored.object, await this.fleet.now()));
    }
    // An app-of-apps owns Applications too, without being their controller: they are not this queue's to remove.
    const owned = stored ? [] : await this.store.owned(uid);
    const orphans = owned.filter(({ object }) => controllerOf(object.metadata)?.uid === uid);
    return orphans.length === 0 ? done() : this.runs.run(undefined, await this.planner.planOrphans(uid, orphans));
  }
}
