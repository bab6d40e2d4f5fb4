import { Injectable } from '@nestjs/common';
import { Log } from '../kernel/log.js';
import { FleetReadings } from '../clusters/fleet-readings.js';
import { ObjectStore } from '../database/objects/object-store.js';
import { StatusStore } from '../database/objects/status-store.js';
import { OwnedObjects } from '../documents/owned-objects.js';
import { Clock, rfc3339 } from '../kernel/clock.js';
import { FleetError } from '../kernel/errors.js';
import { controllerOf } from '../kernel/object.js';
import type { ObjectChange } from '../reconcile/object-change.js';
import { again, done, wait, type Outcome } from '../reconcile/outcome.js';
import { Reconciler } from '../reconcile/reconciler.js';
import { RepositoryReaders } from '../repositories/repository-readers.js';
import { SetPlanner, type StoredSet } from './set-planner.js';
import { setStatus } from './set-status.js';

const RETRY_UNREADABLE_MS = 180_000;

/** Keeps each set's Applications as its generators, template and policies have them. */
@Injectable()
export class ApplicationSetReconciler extends Reconciler {
  readonly queue = 'applicationsets';

  constructor(
    private readonly store: ObjectStore,
    private readonly fleet: FleetReadings,
    private readonly planner: SetPlanner,
    private readonly owned: OwnedObjects,
    private readonly statuses: StatusStore,
    private readonly readers: RepositoryReaders,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    super();
  }

  /** A set, what it owns, or (for every set) the fleet and the projects. */
  async interestedIn(changes: readonly ObjectChange[]): Promise<readonly string[]> {
    const keys = new Set<string>();
    if (changes.some(({ kind }) => kind === 'Cluster' || kind === 'AppProject')) {
      for (const { object } of await this.store.all('ApplicationSet')) keys.add(object.metadata.uid);
    }
    for (const change of changes) {
      if (change.kind === 'ApplicationSet') keys.add(change.uid);
      if (change.kind === 'Application' && change.ownerUid !== undefined) keys.add(change.ownerUid);
    }
    return [...keys];
  }

  async reconcile(uid: string): Promise<Outcome> {
    const stored = await this.store.findByUid<StoredSet>(uid);
    if (stored && stored.object.kind !== 'ApplicationSet') return done();
    try {
      return stored ? await this.reconcileSet(stored.object) : await this.reconcileOrphans(uid);
    } catch (error) {
      if (error instanceof FleetError && ['STALE_PLAN', 'ALREADY_EXISTS'].includes(error.code)) return again(0);
      throw error;
    }
  }

  private async reconcileSet(set: StoredSet): Promise<Outcome> {
    const plan = await this.planner.planSet(set, await this.fleet.now());
    await this.readers.record({ queue: this.queue, key: set.metadata.uid }, plan.repositories);
    const commit = await this.owned.commit({ ...plan, unit: 'application' });
    await this.statuses.write([
      { uid: set.metadata.uid, status: setStatus(set, plan, commit, rfc3339(this.clock.now())) },
    ]);
    if (commit.created + commit.updated + commit.deleted > 0)
      this.log.info({ set: plan.owner.name, ...commit }, 'set applied');
    if (commit.held > 0)
      this.log.warn(
        { set: plan.owner.name, held: commit.held, reason: plan.guarded.held[0]?.reason },
        'removals await approval',
      );
    const failure = plan.expansion.errors[0];
    return failure ? wait(`${failure.code}: ${failure.message}`, RETRY_UNREADABLE_MS) : done();
  }

  private async reconcileOrphans(uid: string): Promise<Outcome> {
    await this.readers.record({ queue: this.queue, key: uid }, new Set());
    const owned = await this.store.owned(uid);
    const orphans = owned.filter(({ object }) => controllerOf(object.metadata)?.uid === uid);
    if (orphans.length === 0) return done();
    const plan = await this.planner.planOrphans(uid, orphans);
    const commit = await this.owned.commit({ ...plan, unit: 'application' });
    this.log.info({ set: plan.owner.name, ...commit }, 'Applications of a deleted set removed');
    return done();
  }
}
