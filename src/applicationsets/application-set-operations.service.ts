import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { DocumentsService, type DocumentRef } from '../documents/documents.service.js';
import { RemoteInputs } from '../expansion/fetchers/remote-inputs.js';
import { WorkQueue } from '../reconcile/work-queue.js';
import { RepositoryPoller } from '../repositories/repository-poller.js';
import { ApplicationSetOperations } from './application-set-operations.js';
import { ApplicationSetKind } from './application-set.kind.js';

@Injectable()
export class ApplicationSetOperationsService extends ApplicationSetOperations {
  constructor(
    private readonly documents: DocumentsService,
    private readonly kind: ApplicationSetKind,
    private readonly poller: RepositoryPoller,
    private readonly remote: RemoteInputs,
    private readonly queue: WorkQueue,
  ) {
    super();
  }

  async refresh(actor: Actor, ref: DocumentRef): Promise<void> {
    const { object } = await this.documents.authorised(actor, 'get', this.kind, ref);
    const reader = { queue: 'applicationsets', key: object.metadata.uid };
    this.remote.refresh(object.metadata);
    await this.poller.refreshFor(reader);
    await this.queue.enqueue(reader.queue, [reader.key]);
  }
}
