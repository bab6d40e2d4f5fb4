export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
  observedGeneration?: number;
  lastTransitionTime?: string;
}

/**
 * Replaces the condition of the same type, sorted by type. The transition time moves only when the status does,
 * so a repeated verdict changes nothing and status writes stay quiet.
 */
export function setCondition(conditions: readonly Condition[], next: Condition, at: string): Condition[] {
  const previous = conditions.find((condition) => condition.type === next.type);
  const since = previous?.status === next.status ? previous.lastTransitionTime : undefined;
  const others = conditions.filter((condition) => condition.type !== next.type);
  return [...others, { ...next, lastTransitionTime: since ?? at }].sort((a, b) => (a.type < b.type ? -1 : 1));
}
