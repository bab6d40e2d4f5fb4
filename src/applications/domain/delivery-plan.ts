/** What one delivery creates and removes on its cluster, object by object; keys as of kernel objectKey. */
export interface DeliveryPlan {
  creates: string[];
  prunes: string[];
  kept: number;
}

/**
 * `present` is everything the cluster may still hold of the Application: the bundle in force and what was held or left
 * unpruned before.
 */
export function planDelivery(present: readonly string[], bundle: readonly string[]): DeliveryPlan {
  const wanted = new Set(bundle);
  const held = new Set(present);
  const creates = bundle.filter((key) => !held.has(key));
  return { creates, prunes: present.filter((key) => !wanted.has(key)), kept: bundle.length - creates.length };
}
