import { Injectable } from '@nestjs/common';
import { actorLabel, type Actor } from '../access/actor.js';
import { AuditLog } from '../audit/audit-log.js';
import type { PlanView } from '../changes/plan-view.js';
import { Transactions } from '../database/transactions.js';
import { asWrite } from '../dispatch/gateway/deliveries/delivery-endings.js';
import { DeliveriesStore } from '../dispatch/gateway/deliveries/deliveries-store.js';
import type { StoredDelivery } from '../dispatch/gateway/deliveries/stored-delivery.js';
import { DocumentsService, type DocumentRef } from '../documents/documents.service.js';
import { Clock } from '../kernel/clock.js';
import { conflict } from '../kernel/errors.js';
import { Ids } from '../kernel/ids.js';
import { WorkQueue } from '../reconcile/work-queue.js';
import { RepositoryPoller } from '../repositories/repository-poller.js';
import { ApplicationOperations, type SyncOutcome, type SyncRequest } from './application-operations.js';
import { ApplicationKind } from './application.kind.js';
import type { StoredApplication } from './delivery/delivery-decision.js';

/** Neither hub nor agent starts an operation later than this after it was asked for. */
const OPERATION_SECONDS = 600;

@Injectable()
export class ApplicationOperationsService extends ApplicationOperations {
  constructor(
    private readonly documents: DocumentsService,
    private readonly kind: ApplicationKind,
    private readonly deliveries: DeliveriesStore,
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
    const { object } = await this.documents.authorised(actor, 'sync', this.kind, ref);
    const row = await this.deliverable(object as StoredApplication);
    if (request.dryRun) return { plan: planOf(object as StoredApplication, row) };
    const notAfter = new Date(this.clock.now().getTime() + OPERATION_SECONDS * 1000).toISOString();
    const operation = {
      id: this.ids.uuid(),
      bundleDigest: row.bundleDigest ?? '',
      prune: request.prune,
      notAfter,
      initiatedBy: actorLabel(actor),
    };
    await this.transactions.run(async (tx) => {
      const [current] = await this.deliveries.forApplications([row.applicationUid], tx);
      if (current?.position !== row.position)
        throw conflict('CONFLICT', 'the Application was delivered anew meanwhile', 'Sync again.');
      await this.deliveries.put(tx, [{ ...asWrite(row), operation }]);
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

  async refresh(actor: Actor, ref: DocumentRef): Promise<void> {
    const { object } = await this.documents.authorised(actor, 'get', this.kind, ref);
    const reader = { queue: 'applications', key: object.metadata.uid };
    await this.poller.refreshFor(reader);
    await this.queue.enqueue(reader.queue, [reader.key]);
  }

  private async deliverable({ metadata }: StoredApplication): Promise<StoredDelivery> {
    const rows = await this.deliveries.forApplications([metadata.uid]);
    const row = rows.find(({ intent }) => intent === 'apply' || intent === 'observe');
    if (!row)
      throw conflict(
        'NOT_DELIVERED',
        `Application "${metadata.name}" has no delivery in force`,
        'Read its conditions: they say what is missing.',
      );
    const open = row.operation !== null && Date.parse(row.operation.notAfter) > this.clock.now().getTime();
    if (open)
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
  return { lines: [{ ...line, action: 'update' }], held: [], kept: [], unchanged: 0, errors: [] };
}
