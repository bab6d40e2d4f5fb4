import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import type { ListKey } from '../database/objects/hub-object.js';
import { DocumentsService, type DocumentRef } from '../documents/documents.service.js';
import { ApplicationSetKind } from './application-set.kind.js';
import { SetMembers, type MemberPage } from './set-members.js';

/** The parts of a set's status that are as long as the set is large. */
@Injectable()
export class ApplicationSetResources {
  constructor(
    private readonly documents: DocumentsService,
    private readonly kind: ApplicationSetKind,
    private readonly members: SetMembers,
  ) {}

  /** Needs `get` on the set; of its Applications only those that the actor may get. */
  async page(actor: Actor, ref: DocumentRef, paging: { limit: number; after?: ListKey }): Promise<MemberPage> {
    const { object } = await this.documents.authorised(actor, 'get', this.kind, ref);
    return this.members.page(actor, object.metadata.uid, paging);
  }
}
