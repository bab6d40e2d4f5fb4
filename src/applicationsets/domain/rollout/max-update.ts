export interface UpdateAllowance {
  /** How many of a step may change at a time; Infinity where nothing is said. */
  allowed: number;
  /** Set when the value is neither a whole number nor a percentage: then it is one at a time. */
  fault?: string;
}

const PERCENT = /^([+-]?\d+)%$/;

/**
 * argocd-behaviour.md 3.6: a percentage is rounded down, yet at least one unless it is literally `0%`; the number 0 lets
 * nothing through; a text that is no percentage counts as the least of percentages.
 */
export function maxUpdateOf(maxUpdate: number | string | undefined, total: number): UpdateAllowance {
  if (maxUpdate === undefined) return { allowed: Number.POSITIVE_INFINITY };
  if (typeof maxUpdate === 'number') return { allowed: maxUpdate };
  if (maxUpdate === '0%') return { allowed: 0 };
  const percent = PERCENT.exec(maxUpdate)?.[1];
  if (percent === undefined)
    return { allowed: 1, fault: `maxUpdate "${maxUpdate}" is neither a number nor a percentage` };
  return { allowed: Math.max(1, Math.floor((Number(percent) * total) / 100)) };
}
