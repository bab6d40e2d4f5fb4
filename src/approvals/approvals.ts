import type { Actor } from '../access/actor.js';
import type { HeldRemoval } from './held-removals.queries.js';

export interface ApprovalQuery {
  project?: string;
  limit: number;
}

/** Longest life of an approval: what was meant a week ago may not be meant now. */
export const MAX_APPROVAL_SECONDS = 7 * 86_400;

export interface ApprovalTerms {
  /** How long the approval holds if the removal is not carried out meanwhile; an hour when absent. */
  expiresInSeconds?: number;
}

/** Removals that the guard holds, and people's word on them. */
export abstract class Approvals {
  /** Those the actor may see, oldest first. */
  abstract list(actor: Actor, query: ApprovalQuery): Promise<HeldRemoval[]>;

  /** Lets exactly this line go. Needs `approve`; NOT_FOUND when it no longer waits. */
  abstract approve(actor: Actor, id: string, terms: ApprovalTerms): Promise<HeldRemoval>;

  /** Takes an approval back that is not carried out yet: the line goes on waiting. Needs `approve`. */
  abstract reject(actor: Actor, id: string): Promise<HeldRemoval>;
}
