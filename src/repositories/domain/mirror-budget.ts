/** A mirror on disk. */
export interface StoredMirror {
  name: string;
  bytes: number;
  /** Milliseconds since the epoch. */
  usedAt: number;
  /** Whether some set or Application reads its repository. */
  isRead: boolean;
}

export interface MirrorLimits {
  /** For all mirrors together. */
  budgetBytes: number;
  /** How long a mirror that nobody reads any more is kept, for those who come back. */
  idleMs: number;
}

/** Previews and the work that is under way read mirrors that no index knows of yet. */
const SETTLED_MS = 3_600_000;

/**
 * Which mirrors are to go: those that nobody reads and nobody used for long, and of the others that nobody reads the
 * longest unused ones, until all fit. What is read stays, whatever it takes: it would be cloned again at the next look.
 */
export function mirrorsToDrop(mirrors: readonly StoredMirror[], limits: MirrorLimits, now: number): StoredMirror[] {
  const spare = mirrors
    .filter(({ isRead, usedAt }) => !isRead && now - usedAt > SETTLED_MS)
    .sort((left, right) => left.usedAt - right.usedAt);
  let bytes = mirrors.reduce((sum, mirror) => sum + mirror.bytes, 0);
  return spare.filter((mirror) => {
    const goes = bytes > limits.budgetBytes || now - mirror.usedAt > limits.idleMs;
    if (goes) bytes -= mirror.bytes;
    return goes;
  });
}
