import { Injectable } from '@nestjs/common';
import type { Stored } from '../database/objects/hub-object.js';
import { ObjectStore } from '../database/objects/object-store.js';
import { FleetReadings } from '../generation/fleet-readings.js';
import { GeneratorRuns } from '../generation/generator-runs.js';
import { isLostRace } from '../generation/lost-race.js';
import { TouchedSets } from '../generation/touched-sets.js';
import { controllerOf } from '../kernel/object.js';
import type { ObjectChange } from '../reconcile/object-change.js';
import { again, done, type Outcome } from '../reconcile/outcome.js';
import { Reconciler } from '../reconcile/reconciler.js';
import { RefreshRequest } from './refresh-request.js';
import { SetRemoval } from './set-removal.js';
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
    private readonly removal: SetRemoval,
    private readonly requests: RefreshRequest,
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
    try {
      if (stored?.object.kind === 'ApplicationSet') return await this.reconcileStored(stored);
    } catch (error) {
      if (isLostRace(error)) return again(0);
      throw error;
    }
    // An app-of-apps owns Applications too, without being their controller: they are not this queue's to remove.
    const owned = stored ? [] : await this.store.owned(uid);
    const orphans = owned.filter(({ object }) => controllerOf(object.metadata)?.uid === uid);
    return orphans.length === 0 ? done() : this.runs.run(undefined, await this.planner.planOrphans(uid, orphans));
  }

  private async reconcileStored(stored: Stored<StoredSet>): Promise<Outcome> {
    const set = stored.object;
    if (set.metadata.deletionTimestamp !== undefined) return this.removal.remove(set);
    if (this.requests.isAsked(set)) {
      await this.requests.answer(stored);
      return done();
    }
    const read = { queue: this.queue, set, fleet: await this.fleet.now() };
    return this.runs.pass(read, (...planned) => this.planner.planSet(...planned));
  }
}
