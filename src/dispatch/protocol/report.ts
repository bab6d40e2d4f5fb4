import { z } from 'zod';
import { factsSchema } from './join.js';

const SYNC_STATUSES = ['Synced', 'OutOfSync', 'Unknown'] as const;
export type SyncStatus = (typeof SYNC_STATUSES)[number];

/** Best to worst, as Argo CD orders them. */
export const HEALTH_STATUSES = ['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown'] as const;
export type HealthStatus = (typeof HEALTH_STATUSES)[number];

/** A resource that a person should look at: not Synced, or with a health that is not Healthy. */
const resourceReportSchema = z.object({
  group: z.string().max(253),
  kind: z.string().max(128),
  namespace: z.string().max(253),
  name: z.string().max(253),
  sync: z.enum(SYNC_STATUSES),
  health: z.enum(HEALTH_STATUSES).nullable(),
  message: z.string().max(1024),
});
export type ResourceReport = z.infer<typeof resourceReportSchema>;

const OPERATION_PHASES = ['Running', 'Succeeded', 'Failed', 'Error'] as const;
export type OperationPhase = (typeof OPERATION_PHASES)[number];

export const operationReportSchema = z.object({
  id: z.string(),
  phase: z.enum(OPERATION_PHASES),
  message: z.string().max(2048),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});
export type OperationReport = z.infer<typeof operationReportSchema>;

/** The verdict on one Application. `position` is the delivery it speaks of; the hub drops verdicts on older ones. */
const applicationReportSchema = z.object({
  applicationUid: z.string(),
  position: z.number().int().nonnegative(),
  /** True once a `prune` or `orphan` delivery is carried out: the hub then retires the row. */
  gone: z.boolean(),
  bundleDigest: z.string().nullable(),
  sync: z.enum(SYNC_STATUSES),
  health: z.enum(HEALTH_STATUSES),
  message: z.string().max(2048),
  /** Objects by kind of verdict: total managed, synced, healthy. */
  counts: z.object({ total: z.number().int(), synced: z.number().int(), healthy: z.number().int() }),
  /** At most 100, worst first; `counts` stays exact. */
  resources: z.array(resourceReportSchema).max(100),
  operation: operationReportSchema.nullable(),
  /** Times this agent put a drifted object back since it took the delivery. */
  healed: z.number().int().nonnegative(),
  observedAt: z.iso.datetime(),
});
export type ApplicationReport = z.infer<typeof applicationReportSchema>;

/** `POST /agent/v1/reports`. Within a session the sequence only grows; older ones are dropped. */
export const reportSchema = z.object({
  session: z.string(),
  sequence: z.number().int().nonnegative(),
  applications: z.array(applicationReportSchema).max(2000),
  /** Uids in the member's inventory that the hub's snapshot did not name; kept, never removed. */
  unowned: z.array(z.string()).max(10_000),
  facts: factsSchema.nullable(),
});
export type Report = z.infer<typeof reportSchema>;
