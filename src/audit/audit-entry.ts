/** One thing that was done or refused. Values never enter: of a changed document only digests are kept. */
export interface AuditEntry {
  /** As access/actor's actorLabel names it. */
  actor: string;
  verb: string;
  resource: string;
  /** `<name>` or `<namespace>/<name>`. */
  object: string;
  project?: string | undefined;
  decision: 'allowed' | 'denied';
  reason?: string | undefined;
  requestId?: string | undefined;
  /** The document as it was and as it became; only their digests are stored. */
  before?: unknown;
  after?: unknown;
}

export type Denial = Omit<AuditEntry, 'decision' | 'before' | 'after'>;

/** An entry as it is read back. */
export interface AuditRecord {
  id: string;
  at: string;
  actor: string;
  verb: string;
  resource: string;
  object: string;
  project: string | null;
  decision: 'allowed' | 'denied';
  reason: string | null;
  requestId: string | null;
  beforeDigest: string | null;
  afterDigest: string | null;
}
