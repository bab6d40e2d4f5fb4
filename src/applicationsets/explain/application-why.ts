import type { FieldChange } from '../../changes/field-changes.js';
import type { RuleVerdict } from '../../applications/domain/permits-application.js';
import type { ReadCommit } from '../../expansion/fetchers/fleet-expansion-reader.js';
import type { ShownTemplateLine } from './shown-template.js';

/** Why an Application is as it is. What the asker may not see of its set is left out. */
export interface ApplicationWhyAnswer {
  application: { namespace: string; name: string; uid: string; project: string; generation: number };
  madeBy: Maker;
  /** How the set comes to it now; several where results have one name, none where the set makes it no more. */
  generated: Generation[];
  state: ApplicationState;
  project: { name: string; rules: RuleVerdict[]; kinds: string };
  /** Commits that the set's generators read now. */
  git: readonly ReadCommit[];
  /** The commit of the hub that wrote the document as it stands. */
  commit: { position: string; at?: string };
  /** Who last wrote what the Application follows from, newest first. */
  writes: LastWrite[];
  delivery: DeliveryState;
}

export interface Maker {
  kind: 'ApplicationSet' | 'Application' | 'document';
  namespace?: string;
  name?: string;
  uid?: string;
  generation?: number;
  note?: string;
}

export interface Generation {
  /** Such as `spec.generators[0].matrix`. */
  generator: { path: string; index: number; kind: string };
  /** Values that stand in the Application or in the set itself. */
  parameters: Record<string, string>;
  /** Names of the others: they may come from files or plugins, and may be secret. */
  hiddenParameters: string[];
  template: ShownTemplateLine[];
  patch?: { template: string; changes: Omit<FieldChange, 'from'>[] };
}

export type ApplicationState =
  | { state: 'as-generated' | 'being-deleted' | 'to-be-deleted' | 'written-by-hand' }
  | { state: 'to-be-updated'; changes: FieldChange[] }
  /** The set makes it no more, or may not: it stays as it is. */
  | { state: 'kept' | 'waits-for-approval' | 'refused' | 'unknown'; reason: string; code?: string };

export interface LastWrite {
  /** Such as `ApplicationSet argocd/guestbook`. */
  object: string;
  position: string;
  /** It is the newest that is no newer than the Application: what caused it, unless a Git commit did. */
  isLikelyCause: boolean;
  actor?: string;
  verb?: string;
  at?: string;
  requestId?: string;
}

export interface DeliveryState {
  sync: string;
  health: string;
  conditions: unknown[];
  clusters: {
    cluster: string;
    intent: string;
    bundle: string | null;
    position: number;
    /** Objects that await approval before they are pruned. */
    heldPrunes: readonly string[];
    operation: string | null;
  }[];
}
