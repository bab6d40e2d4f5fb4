import { Injectable } from '@nestjs/common';
import type { Stored } from '../database/objects/hub-object.js';
import { ObjectStore } from '../database/objects/object-store.js';
import { ClusterHistory } from '../generation/cluster-history.js';
import { FleetReadings, type FleetReading } from '../generation/fleet-readings.js';
import { isLostRace } from '../generation/lost-race.js';
import type { ObjectChange } from '../reconcile/object-change.js';
import { again, done, type Outcome } from '../reconcile/outcome.js';
import { Reconciler } from '../reconcile/reconciler.js';
import { RepositoryReaders } from '../repositories/repository-readers.js';
import { ApplicationRemoval } from './application-removal.js';
import { AskedRefreshes, asksForRefresh } from './asked-refreshes.js';
import type { StoredApplication } from './delivery/delivery-decision.js';
import { applicationWatches } from './domain/application-watches.js';
import { resolveDestination } from './domain/destination.js';
import { HubDocuments } from './hub-documents/hub-documents.js';
import { MemberApplications } from './member-applications.js';

const SKIP_ANNOTATION = 'argocd.argoproj.io/skip-reconcile';

/** Brings what each Application delivers to what its sources, its destination and its project say. */
@Injectable()
export class ApplicationReconciler extends Reconciler {
  readonly queue = 'applications';

  constructor(
    private readonly store: ObjectStore,
    private readonly fleet: FleetReadings,
    private readonly members: MemberApplications,
    private readonly hubDocuments: HubDocuments,
    private readonly removal: ApplicationRemoval,
    private readonly readers: RepositoryReaders,
    private readonly history: ClusterHistory,
    private readonly refreshes: AskedRefreshes,
  ) {
    super();
  }

  /** An Application itself; the owner of a changed document; every one of a changed project or on a moved cluster. */
  async interestedIn(changes: readonly ObjectChange[]): Promise<readonly string[]> {
    const keys = new Set(changes.filter(({ kind }) => kind === 'Application').map(({ uid }) => uid));
    const projects = changes.filter(({ kind }) => kind === 'AppProject').map(({ name }) => name);
    const clusters = await this.history.moved(changes);
    for (const uid of await this.store.uidsWithin('Application', { projects, clusters })) keys.add(uid);
    for (const { ownerUid } of changes) if (ownerUid !== undefined) keys.add(ownerUid);
    return [...keys];
  }

  async reconcile(uid: string): Promise<Outcome> {
    const stored = await this.store.findByUid<StoredApplication>(uid);
    try {
      if (!stored) return await this.removal.orphan(uid);
      return stored.object.kind === 'Application' ? await this.reconcileStored(stored) : done();
    } catch (error) {
      if (isLostRace(error)) return again(0);
      throw error;
    }
  }

  /** Those that are delivered to member clusters. */
  override async reconcileTogether(uids: readonly string[]): Promise<ReadonlyMap<string, Outcome>> {
    const stored = (await this.store.withUids<StoredApplication>(uids)).filter(
      ({ object }) => object.kind === 'Application' && object.metadata.deletionTimestamp === undefined,
    );
    const delivered = stored.filter((each) => !isSkipped(each) && !asksForRefresh(each.object));
    const fleet = await this.readAround(delivered);
    const placed = delivered.flatMap((each) => {
      const where = whereabouts(each, fleet);
      return where.type === 'hub' ? [] : [{ stored: each, fleet, where }];
    });
    try {
      return await this.members.reconcileTogether(placed);
    } catch (error) {
      if (isLostRace(error)) return new Map();
      throw error;
    }
  }

  private async reconcileStored(stored: Stored<StoredApplication>): Promise<Outcome> {
    if (stored.object.metadata.deletionTimestamp !== undefined) return this.removal.remove(stored.object);
    if (isSkipped(stored)) return done();
    if (asksForRefresh(stored.object)) return this.refresh(stored);
    const fleet = await this.readAround([stored]);
    const where = whereabouts(stored, fleet);
    if (where.type === 'hub') return this.hubDocuments.reconcile(stored, fleet);
    return this.members.reconcile({ stored, fleet, where });
  }

  private async refresh(stored: Stored<StoredApplication>): Promise<Outcome> {
    await this.refreshes.carryOut(stored);
    return again(0);
  }

  /** The projects and clusters that they name. Which sources they read is noted on the way. */
  private async readAround(applications: readonly Stored<StoredApplication>[]): Promise<FleetReading> {
    const objects = applications.map(({ object }) => object);
    await this.readers.recordAll(
      objects.map(({ metadata, spec }) => ({
        reader: { queue: this.queue, key: metadata.uid },
        watches: applicationWatches(spec, metadata.annotations),
      })),
    );
    return this.fleet.around(objects.map(({ spec }) => spec));
  }
}

function isSkipped({ object }: Stored<StoredApplication>): boolean {
  return object.metadata.annotations[SKIP_ANNOTATION] === 'true';
}

function whereabouts({ object: { spec } }: Stored<StoredApplication>, { clusters }: FleetReading) {
  const destination = resolveDestination(spec.destination, clusters);
  return destination.ok ? destination.value : { type: 'unknown' as const, reason: destination.error.message };
}
