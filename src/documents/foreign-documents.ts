import { Injectable } from '@nestjs/common';
import type { Actor } from '../access/actor.js';
import type { KubernetesObject } from '../kernel/object.js';
import type { WriteOptions, WriteOutcome } from './document-writer.js';

/**
 * Takes documents that are no hub objects through the apply door: Argo CD's declarative Secrets, argocd-cm and the
 * like. Their content must not be logged, stored in clear or echoed.
 */
export abstract class ForeignDocuments {
  /** Undefined when nobody here takes such a document: the caller then answers UNKNOWN_KIND. */
  abstract apply(actor: Actor, document: KubernetesObject, options: WriteOptions): Promise<WriteOutcome | undefined>;
}

/** Where no feature takes foreign documents. */
@Injectable()
export class NoForeignDocuments extends ForeignDocuments {
  async apply(): Promise<undefined> {
    return undefined;
  }
}
