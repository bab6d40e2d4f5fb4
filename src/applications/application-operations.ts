import type { Actor } from '../access/actor.js';
import type { PlanView } from '../changes/plan-view.js';
import type { DocumentRef } from '../documents/documents.service.js';

export interface SyncRequest {
  /** Also remove objects that left the bundle; the guard still judges them. */
  prune: boolean;
  /** Answer the plan, start nothing. */
  dryRun: boolean;
}

/** A started operation, or on a dry run what it would do. */
export interface SyncOutcome {
  operation?: { id: string; notAfter: string };
  plan?: PlanView;
}

/** What people ask of a single Application beside changing its document. */
export abstract class ApplicationOperations {
  /** Needs `sync` on the Application. Throws OPERATION_IN_PROGRESS (conflict) while another one is open. */
  abstract sync(actor: Actor, ref: DocumentRef, request: SyncRequest): Promise<SyncOutcome>;

  /** Reads its sources anew, without waiting for the next poll. Needs `get`. */
  abstract refresh(actor: Actor, ref: DocumentRef): Promise<void>;
}
