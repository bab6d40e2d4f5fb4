import { z } from 'zod';
import { digestBytes } from '../../kernel/digest.js';

/**
 * What the hub wants of one Application on one cluster.
 * apply: bring it there and keep it. observe: compare and report only. freeze: touch nothing (a right was lost).
 * orphan: forget it, leave its objects. prune: delete its objects, in reverse order, then forget it.
 */
const INTENTS = ['apply', 'observe', 'freeze', 'orphan', 'prune'] as const;
export type Intent = (typeof INTENTS)[number];

/** "Sync now", asked for by a person or by the hub. Neither side starts it after `notAfter`. */
const operationSchema = z.object({
  id: z.string().min(1),
  bundleDigest: z.string(),
  prune: z.boolean(),
  notAfter: z.iso.datetime(),
  initiatedBy: z.string(),
  /** Not asked for by a person. */
  automated: z.boolean().optional(),
});
export type Operation = z.infer<typeof operationSchema>;

/**
 * One canonical document for each (cluster, Application). Bundles, projects and settings are named by digest and
 * fetched apart. `heldPrunes` are object keys (kernel/object objectKey) that left the bundle but await approval:
 * the agent keeps them. `signatures` is empty in protocol 1.
 */
export const deliverySchema = z.object({
  hubId: z.string(),
  epoch: z.string(),
  clusterUid: z.string(),
  applicationUid: z.string(),
  position: z.number().int().nonnegative(),
  intent: z.enum(INTENTS),
  bundleDigest: z.string().nullable(),
  projectDigest: z.string().nullable(),
  settingsDigest: z.string().nullable(),
  heldPrunes: z.array(z.string()),
  operation: operationSchema.nullable(),
  signatures: z.array(z.string()),
});
export type Delivery = z.infer<typeof deliverySchema>;

/** How to treat the bundle: everything of the Application that the agent needs and that is not in the bundle. */
export const settingsSchema = z.object({
  application: z.string(),
  /** The hub object's namespace; `argocd` unless the Application lives elsewhere. */
  applicationNamespace: z.string(),
  /** `Application`, or the kind of the hub object that owns these objects (a distributed store). */
  ownerKind: z.string(),
  project: z.string(),
  /** First part of the tracking id: `<name>`, or `<namespace>_<name>` outside the control namespace. */
  instance: z.string(),
  destinationNamespace: z.string(),
  /** The cluster's server as projects name it; the agent takes the default of its name when it is left out. */
  destinationServer: z.string().optional(),
  automated: z.boolean(),
  prune: z.boolean(),
  selfHeal: z.boolean(),
  syncOptions: z.array(z.string()),
});
export type DeliverySettings = z.infer<typeof settingsSchema>;

/** One line of the watch stream. A snapshot is: `snapshot`, its deliveries, then `snapshot-end` with their count and digest. */
export const watchEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot') }),
  /**
   * Small contents that the delivery names may come along, so that they need not be asked for: the settings' canonical
   * text, and the bundle's, gzipped, in base64.
   */
  z.object({
    type: z.literal('delivery'),
    delivery: deliverySchema,
    settings: z.string().optional(),
    bundle: z.string().optional(),
  }),
  z.object({ type: z.literal('snapshot-end'), count: z.number().int(), digest: z.string(), cursor: z.string() }),
  z.object({ type: z.literal('bookmark'), cursor: z.string() }),
  z.object({ type: z.literal('heartbeat') }),
  /** The session was replaced or the stream must be reopened; `reason` is for the log. */
  z.object({ type: z.literal('bye'), reason: z.string() }),
]);
export type WatchEvent = z.infer<typeof watchEventSchema>;

/** What `snapshot-end` carries: both sides compute it over (applicationUid, position), sorted, so a lost line shows. */
export function snapshotDigest(rows: readonly Pick<Delivery, 'applicationUid' | 'position'>[]): string {
  const lines = rows.map((row) => `${row.applicationUid} ${row.position}`).sort();
  return digestBytes(lines.join('\n'));
}
