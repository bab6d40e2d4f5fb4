import type { PlanView } from '../changes/plan-view.js';
import type { Actor } from '../access/actor.js';
import type { HubObject } from '../database/objects/hub-object.js';
import type { KubernetesObject } from '../kernel/object.js';

/** A write that is only thought of: `next` is absent for a deletion, `previous` for a creation. */
export interface ProposedChange {
  kind: string;
  actor: Actor;
  next?: KubernetesObject;
  previous?: HubObject;
}

/** A feature's answer to "what would this write lead to?": its own pipeline, stopped before commit. */
export interface ChangePreviewer {
  /** Undefined when the change does not concern the feature. */
  preview(change: ProposedChange): Promise<PlanView | undefined>;
}

/** Injection token of the explicit list of previewers, given where the hub is composed. */
export const CHANGE_PREVIEWERS = Symbol('CHANGE_PREVIEWERS');
