import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import { DocumentsService, type DocumentRef } from '../documents/documents.service.js';
import { WorkQueue } from '../reconcile/work-queue.js';
import { ApplicationSetOperations } from './application-set-operations.js';
import { ApplicationSetKind } from './application-set.kind.js';
import { RefreshRequest } from './refresh-request.js';

@Injectable()
export class ApplicationSetOperationsService extends ApplicationSetOperations {
  constructor(
    private readonly documents: DocumentsService,
    private readonly kind: ApplicationSetKind,
    private readonly requests: RefreshRequest,
    private readonly queue: WorkQueue,
  ) {
    super();
  }

  async refresh(actor: Actor, ref: DocumentRef): Promise<void> {
    const { object } = await this.documents.authorised(actor, 'get', this.kind, ref);
    await this.requests.refresh(object);
    await this.queue.enqueue('applicationsets', [object.metadata.uid]);
  }
}
