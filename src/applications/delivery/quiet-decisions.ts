import type { OwnerMemory } from '../../approvals/guard-memory.js';
import type { Stored } from '../../database/objects/hub-object.js';
import { asWrite } from '../../dispatch/gateway/deliveries/delivery-endings.js';
import { removalOwner, type DeliveryDecision, type StoredApplication } from './delivery-decision.js';
import type { DeliverySituation } from './delivery-readings.js';

/** No apply, heal or prune until the reason is gone: what a lost right leads to (design.md section 6). */
export function freeze(
  stored: Stored<StoredApplication>,
  { rows, known }: Pick<DeliverySituation, 'rows' | 'known'>,
  message: string,
): DeliveryDecision {
  const live = rows.filter(({ intent }) => intent === 'apply' || intent === 'observe');
  return {
    ...quiet(stored, known),
    writes: live.map((row) => ({ ...asWrite(row), intent: 'freeze', operation: null })),
    conditions: [{ type: 'InvalidSpecError', message }],
  };
}

/** The last delivery stays in force as it is. */
export function quiet(stored: Stored<StoredApplication>, known: OwnerMemory): DeliveryDecision {
  return {
    writes: [],
    documents: [],
    owner: removalOwner(stored),
    known,
    guarded: { allowed: [], held: [] },
    objects: { creates: [], prunes: [] },
    conditions: [],
  };
}
