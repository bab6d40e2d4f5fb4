import type { Actor } from '../access/actor.js';
import type { DocumentRef } from '../documents/documents.service.js';

/** What people ask of a single ApplicationSet beside changing its document. */
export abstract class ApplicationSetOperations {
  /** Runs its generators anew, past every cache of remote inputs. Needs `get`. */
  abstract refresh(actor: Actor, ref: DocumentRef): Promise<void>;
}
