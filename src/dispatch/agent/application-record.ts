import { z } from 'zod';
import { deliverySchema, settingsSchema } from '../protocol/delivery.js';
import { operationReportSchema } from '../protocol/report.js';

/** What the agent knows of one object it manages; the key is kernel/object's objectKey. */
export const inventoryEntrySchema = z.object({
  key: z.string(),
  apiVersion: z.string(),
  wave: z.number().int(),
  /** Of the object as it was last applied; empty from before an apply until it succeeded. */
  digest: z.string(),
});
export type InventoryEntry = z.infer<typeof inventoryEntrySchema>;

/** The documents a target is built from, by digest. */
const targetNamesSchema = z.object({
  bundleDigest: z.string().nullable(),
  projectDigest: z.string().nullable(),
  settingsDigest: z.string().nullable(),
});
export type TargetNames = z.infer<typeof targetNamesSchema>;

/** What the agent remembers of one Application, in the member cluster, beside its inventory. */
export const recordSchema = z.object({
  uid: z.string(),
  delivery: deliverySchema,
  /** What the newest target was built from: all of it was read, and found inside its boundaries. */
  judged: targetNamesSchema.nullable(),
  /** The settings among it; they tell whose objects these are. */
  settings: settingsSchema.nullable(),
  /** The target (stamped bundle) that was applied whole, and the bundle it came from. */
  appliedTarget: z.string().nullable(),
  appliedBundle: z.string().nullable(),
  /** The newest operation this agent started or refused: an id is run once. */
  operation: operationReportSchema.nullable(),
  healed: z.number().int(),
});

export type ApplicationRecord = z.infer<typeof recordSchema> & { inventory: Map<string, InventoryEntry> };

export function newRecord(delivery: ApplicationRecord['delivery']): ApplicationRecord {
  return {
    uid: delivery.applicationUid,
    delivery,
    settings: null,
    judged: null,
    appliedTarget: null,
    appliedBundle: null,
    operation: null,
    healed: 0,
    inventory: new Map(),
  };
}
