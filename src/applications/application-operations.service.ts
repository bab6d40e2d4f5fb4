import { Injectable } from '@nestjs/common';
import { actorLabel, type Actor } from '../access/actor.js';
import { GuardMemory } from '../approvals/guard-memory.js';
import { AuditLog } from '../audit/audit-log.js';
import { EMPTY_PLAN_VIEW, type PlanView } from '../changes/plan-view.js';
import type { Stored } from '../database/objects/hub-object.js';
import { Transactions } from '../database/transactions.js';
import { DeliveriesStore } from '../dispatch/gateway/deliveries/deliveries-store.js';
import type { StoredDelivery } from '../dispatch/gateway/deliveries/stored-delivery.js';
import { DocumentsService, type DocumentRef } from '../documents/documents.service.js';
import { FleetReadings, type FleetReading } from '../generation/fleet-readings.js';
import { Clock } from '../kernel/clock.js';
import { conflict } from '../kernel/errors.js';
import { Ids } from '../kernel/ids.js';
import { WorkQueue } from '../reconcile/work-queue.js';
import { RepositoryPoller } from '../repositories/repository-poller.js';
import { ApplicationOperations, type SyncOutcome, type SyncRequest } from './application-operations.js';
import { ApplicationKind } from './application.kind.js';
import { removalOwner, type StoredApplication } from './delivery/delivery-decision.js';
import { SyncRemovals } from './delivery/sync-removals.js';
import { resolveDestination } from './domain/destination.js';
import { HubDocuments } from './hub-documents/hub-documents.js';
import { deliverableOf, openOperation, OperationStart } from './operation-start.js';

/** Neither hub nor agent starts an operation later than this after it was asked for. */
const OPERATION_SECONDS = 600;

@Injectable()
export class ApplicationOperationsService extends ApplicationOperations {
  constructor(
    private readonly documents: DocumentsService,
    private readonly kind: ApplicationKind,
    private readonly fleet: FleetReadings,
    private readonly hubDocuments: HubDocuments,
    private readonly deliveries: DeliveriesStore,
    private readonly operations: OperationStart,
    private readonly removals: SyncRemovals,
    private readonly memory: GuardMemory,
    private readonly poller: RepositoryPoller,
    private readonly queue: WorkQueue,
    private readonly audit: AuditLog,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    super();
  }

  async sync(actor: Actor, ref: DocumentRef, request: SyncRequest): Promise<SyncOutcome> {
    const stored = (await this.documents.authorised(actor, 'sync', this.kind, ref)) as Stored<StoredApplication>;
    const fleet = await this.fleet.around([stored.object.spec]);
    const destination = resolveDestination(stored.object.spec.destination, fleet.clusters);
    if (destination.ok && destination.value.type === 'hub')
      return this.syncHubDocuments(actor, { stored, fleet, request });
    const row = await this.deliverable(stored.object);
    if (request.dryRun) return { plan: planOf(stored.object, row) };
    const guarded = request.prune ? await this.removals.judge(stored, row) : undefined;
    const notAfter = new Date(this.clock.now().getTime() + OPERATION_SECONDS * 1000).toISOString();
    const operation = {
      id: this.ids.uuid(),
      bundleDigest: row.bundleDigest ?? '',
      prune: request.prune,
      notAfter,
      initiatedBy: actorLabel(actor),
    };
    await this.transactions.run(async (tx) => {
      await this.operations.start(tx, [{ row, operation, ...(guarded ? { heldPrunes: [] } : {}) }]);
      await this.memory.recordRemovals(tx, removalOwner(stored), 'object', guarded?.allowed ?? []);
      await this.audit.record(
        {
          actor: actorLabel(actor),
          verb: 'sync',
          resource: 'applications',
          object: `${ref.namespace}/${ref.name}`,
          project: row.project,
          decision: 'allowed',
        },
        tx,
      );
    });
    return { operation: { id: operation.id, notAfter } };
  }

  /** Documents enter the hub in its own process: the operation is over when this returns. */
  private async syncHubDocuments(
    actor: Actor,
    { stored, fleet, request }: { stored: Stored<StoredApplication>; fleet: FleetReading; request: SyncRequest },
  ): Promise<SyncOutcome> {
    const { namespace, name } = stored.object.metadata;
    const at = this.clock.now().toISOString();
    const project = stored.object.spec.project || 'default';
    if (request.dryRun) {
      const line = { action: 'update' as const, kind: stored.object.kind, namespace, name, project };
      return { plan: { ...EMPTY_PLAN_VIEW, lines: [line] } };
    }
    const object = `${namespace}/${name}`;
    await this.audit.record({
      actor: actorLabel(actor),
      verb: 'sync',
      resource: 'applications',
      object,
      project,
      decision: 'allowed',
    });
    await this.hubDocuments.sync(stored, fleet);
    return { operation: { id: this.ids.uuid(), notAfter: at } };
  }

  async refresh(actor: Actor, ref: DocumentRef): Promise<void> {
    const { object } = await this.documents.authorised(actor, 'get', this.kind, ref);
    const reader = { queue: 'applications', key: object.metadata.uid };
    await this.poller.refreshFor(reader);
    await this.queue.enqueue(reader.queue, [reader.key]);
  }

  private async deliverable({ metadata }: StoredApplication): Promise<StoredDelivery> {
    const rows = await this.deliveries.forApplications([metadata.uid]);
    const row = deliverableOf(rows);
    if (!row)
      throw conflict(
        'NOT_DELIVERED',
        `Application "${metadata.name}" has no delivery in force`,
        'Read its conditions: they say what is missing.',
      );
    if (openOperation(row, this.clock.now()))
      throw conflict(
        'OPERATION_IN_PROGRESS',
        `another operation on "${metadata.name}" is already in progress`,
        'Wait until it has finished.',
      );
    return row;
  }
}

function planOf({ metadata, kind }: StoredApplication, row: StoredDelivery): PlanView {
  const line = {
    kind,
    namespace: metadata.namespace,
    name: metadata.name,
    project: row.project,
    objects: [...row.objects],
  };
  return { ...EMPTY_PLAN_VIEW, lines: [{ ...line, action: 'update' }] };
}
