import { Injectable } from '@nestjs/common';
import { ObjectStore } from '../database/objects/object-store.js';
import { FleetReadings } from '../generation/fleet-readings.js';
import { GeneratorRuns } from '../generation/generator-runs.js';
import { TouchedSets } from '../generation/touched-sets.js';
import type { ObjectChange } from '../reconcile/object-change.js';
import { done, type Outcome } from '../reconcile/outcome.js';
import { Reconciler } from '../reconcile/reconciler.js';
import { DISTRIBUTED_STORE } from './domain/distributed-store.js';
import { StorePlanner, type StoredStoreSet } from './store-planner.js';

/** Keeps each set's stores as its generators, template and project have them. */
@Injectable()
export class SecretStoreSetReconciler extends Reconciler {
  readonly queue = 'secretstoresets';

  constructor(
    private readonly store: ObjectStore,
    private readonly fleet: FleetReadings,
    private readonly planner: StorePlanner,
    private readonly runs: GeneratorRuns,
    private readonly touched: TouchedSets,
  ) {
    super();
  }

  async interestedIn(changes: readonly ObjectChange[]): Promise<readonly string[]> {
    const keys = await this.touched.of('SecretStoreSet', changes);
    for (const { kind, uid, ownerUid } of changes) {
      if (kind === 'SecretStoreSet') keys.add(uid);
      if (kind === DISTRIBUTED_STORE.kind && ownerUid !== undefined) keys.add(ownerUid);
    }
    return [...keys];
  }

  async reconcile(uid: string): Promise<Outcome> {
    const stored = await this.store.findByUid<StoredStoreSet>(uid);
    if (stored) {
      const read = { queue: this.queue, set: stored.object, fleet: await this.fleet.now() };
      return this.runs.pass(read, (...planned) => this.planner.planSet(...planned));
    }
    const orphans = await this.store.owned(uid);
    return orphans.length === 0 ? done() : this.runs.run(undefined, await this.planner.planOrphans(uid, orphans));
  }
}
