export type RolloutStatus = 'Waiting' | 'Pending' | 'Progressing' | 'Healthy';

/** Where one Application of a set stands in its rollout: an element of Argo CD's `status.applicationStatus`. */
export interface RolloutEntry {
  applicationUid: string;
  status: RolloutStatus;
  message: string;
  /** From 1, `-1` in no step. */
  step: string;
  targetRevisions: readonly string[];
  /** Digest of what the Application is brought to; another one starts it anew. */
  target: string;
  /** Operation that was started when it became Pending; null before. */
  operationId: string | null;
  /** RFC 3339. */
  lastTransitionTime: string;
}

/** What is observed of one Application: the input that lets status decide what is wanted (design.md section 3). */
export interface ObservedApplication {
  uid: string;
  /** `<namespace>/<name>`. */
  key: string;
  labels: Readonly<Record<string, string>>;
  /** Whether everything that changed about it was looked at; until then its sync and health speak of the past. */
  settled: boolean;
  sync: string;
  health: string;
  /** Has a condition that keeps it from syncing at all. */
  blocked: boolean;
  target: string;
  targetRevisions: readonly string[];
  /** The newest operation its agent told of. */
  operation: { id: string; phase: string } | undefined;
  /** The operation its cluster was asked for and has not answered; undefined where none is open. */
  openOperationId: string | undefined;
}
