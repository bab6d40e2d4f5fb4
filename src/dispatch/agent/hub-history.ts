import { z } from 'zod';
import type { Delivery } from '../protocol/delivery.js';

/**
 * What the agent has seen of its hub's history. After `fencePosition` is set, only deliveries that the hub committed
 * past it, in this epoch, may remove anything: older ones may be what a restored hub remembers of another past.
 */
export const hubHistorySchema = z.object({
  hubId: z.string(),
  epoch: z.string(),
  /** The newest position read to its end. */
  position: z.number().int(),
  fencePosition: z.number().int().nullable(),
});
export type HubHistory = z.infer<typeof hubHistorySchema>;

/**
 * History after a whole snapshot (or a bookmark) up to `reached`. Another epoch, or a hub that is behind what was
 * already read, raises the fence at whichever position is further.
 */
export function advanceHistory(
  known: HubHistory | null,
  reached: { hubId: string; epoch: string; position: number },
): HubHistory {
  if (known === null) return { ...reached, fencePosition: null };
  if (known.epoch !== reached.epoch) return { ...reached, fencePosition: reached.position };
  if (reached.position < known.position)
    return { ...known, fencePosition: Math.max(known.fencePosition ?? 0, known.position) };
  return { ...reached, fencePosition: known.fencePosition };
}

/** Why a delivery may not remove anything now; undefined when it may. */
export function fenceOf(
  delivery: Pick<Delivery, 'epoch' | 'position'>,
  history: HubHistory | null,
): string | undefined {
  if (history === null) return undefined;
  if (delivery.epoch !== history.epoch)
    return `the delivery is of epoch ${delivery.epoch}, the hub is in ${history.epoch}`;
  const { fencePosition } = history;
  if (fencePosition === null || delivery.position > fencePosition) return undefined;
  return `the hub's history was rewound; only deliveries past position ${fencePosition} may remove anything`;
}

/** Whether a delivery is newer than the one known. Positions compare within an epoch only. */
export function supersedes(next: Delivery, known: Delivery, currentEpoch: string): boolean {
  if (next.epoch === known.epoch) return next.position >= known.position;
  return next.epoch === currentEpoch;
}
