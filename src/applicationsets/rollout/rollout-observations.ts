import { Injectable } from '@nestjs/common';
import type { StoredApplication } from '../../applications/delivery/delivery-decision.js';
import { resolveDestination } from '../../applications/domain/destination.js';
import { deliverableOf, openOperation } from '../../applications/operation-start.js';
import type { Stored } from '../../database/objects/hub-object.js';
import { ObjectStore } from '../../database/objects/object-store.js';
import { DeliveriesStore } from '../../dispatch/gateway/deliveries/deliveries-store.js';
import type { StoredDelivery } from '../../dispatch/gateway/deliveries/stored-delivery.js';
import { FleetReadings } from '../../generation/fleet-readings.js';
import { Clock } from '../../kernel/clock.js';
import { digestJson } from '../../kernel/digest.js';
import { WorkQueue } from '../../reconcile/work-queue.js';
import { keyOf } from '../domain/desired-applications.js';
import type { ObservedApplication } from '../domain/rollout/rollout-entry.js';

/** Stands for the operations of Applications that no agent carries out: the hub syncs its own documents itself. */
export const HUB_OPERATION = 'in-cluster';

export interface RolloutMember {
  stored: Stored<StoredApplication>;
  observed: ObservedApplication;
  /** What its cluster is wanted to have; undefined while nothing was delivered. */
  row: StoredDelivery | undefined;
  /** Destined for the hub's own document store. */
  inHub: boolean;
}

interface ApplicationStatus {
  observedGeneration?: number;
  sync?: { status?: string };
  health?: { status?: string };
  conditions?: { type: string }[];
  source?: { revision?: string; bundle?: string };
  operationState?: { id: string; phase: string };
}

/** What a rollout looks at, read so that nothing old is taken for new. */
@Injectable()
export class RolloutObservations {
  constructor(
    private readonly store: ObjectStore,
    private readonly deliveries: DeliveriesStore,
    private readonly queue: WorkQueue,
    private readonly fleet: FleetReadings,
    private readonly clock: Clock,
  ) {}

  /**
   * Applications of a set that are not going away. Pending work is read first and status last: whatever happens in
   * between makes an Application look unfinished, never finished.
   */
  async of(setUid: string): Promise<RolloutMember[]> {
    const uids = await this.store.ownedUids(setUid);
    const pending = await this.queue.pendingAmong('applications', uids);
    const rows = await this.deliveries.forApplications(uids);
    const { clusters } = await this.fleet.now();
    const byUid = new Map<string, StoredDelivery[]>();
    for (const row of rows) byUid.set(row.applicationUid, [...(byUid.get(row.applicationUid) ?? []), row]);
    const owned = await this.store.owned<StoredApplication>(setUid);
    return owned
      .filter(({ object }) => object.kind === 'Application' && object.metadata.deletionTimestamp === undefined)
      .map((stored) => {
        const { uid } = stored.object.metadata;
        const row = deliverableOf(byUid.get(uid) ?? []);
        const destination = resolveDestination(stored.object.spec.destination, clusters);
        const inHub = destination.ok && destination.value.type === 'hub';
        return { stored, row, inHub, observed: this.observe(stored.object, row, { inHub, pending: pending.has(uid) }) };
      });
  }

  private observe(
    { metadata, status = {} }: StoredApplication,
    row: StoredDelivery | undefined,
    { inHub, pending }: { inHub: boolean; pending: boolean },
  ): ObservedApplication {
    const { observedGeneration, sync, health, conditions = [], source, operationState } = status as ApplicationStatus;
    const isSynced = sync?.status === 'Synced';
    return {
      uid: metadata.uid,
      key: keyOf(metadata),
      labels: metadata.labels,
      settled: !pending && observedGeneration === metadata.generation,
      sync: sync?.status ?? 'Unknown',
      health: health?.status ?? 'Unknown',
      blocked: conditions.some(({ type }) => type === 'InvalidSpecError' || type === 'UnknownError'),
      target: targetOf(row, source?.bundle),
      targetRevisions: source?.revision === undefined ? [] : [source.revision],
      operation: inHub ? (isSynced ? { id: HUB_OPERATION, phase: 'Succeeded' } : undefined) : operationState,
      openOperationId: row && openOperation(row, this.clock.now())?.id,
    };
  }
}

/** What pruning must leave alone belongs to it: once that is approved, there is something to sync again. */
function targetOf(row: StoredDelivery | undefined, bundle: string | undefined): string {
  if (!row) return digestJson({ bundle: bundle ?? null });
  const { bundleDigest, settingsDigest, heldPrunes } = row;
  return digestJson({ bundleDigest, settingsDigest, heldPrunes });
}
