import type { Delivery, Intent, Operation } from '../../protocol/delivery.js';

interface DeliveryFields {
  clusterUid: string;
  applicationUid: string;
  /** `Application`, or the kind of the hub object whose objects these are. */
  ownerKind: string;
  application: string;
  applicationNamespace: string;
  project: string;
  intent: Intent;
  bundleDigest: string | null;
  projectDigest: string | null;
  settingsDigest: string | null;
  /** Object keys (kernel/object) that left the bundle and await approval. */
  heldPrunes: readonly string[];
}

/** What the hub wants from now on of one Application on one cluster. */
export interface DeliveryWrite extends DeliveryFields {
  /** Absent keeps the stored one: whoever plans bundles need not know of operations. */
  operation?: Operation | null;
  /** Object keys of the bundle in force, for the next delivery plan. */
  objects: readonly string[];
}

/** A delivery as agents see it. */
export interface WatchedDelivery extends DeliveryFields {
  operation: Operation | null;
  /** Of the commit that wrote the row last. */
  position: number;
}

/** A delivery on its way to its agent. */
export interface ToldDelivery extends WatchedDelivery {
  /** Its settings' text, where that is small and the agent may not know it. */
  settings?: string;
}

export interface StoredDelivery extends WatchedDelivery {
  objects: readonly string[];
  createdAt: Date;
  updatedAt: Date;
}

export interface WatchedRow {
  cluster_uid: string;
  application_uid: string;
  owner_kind: string;
  application: string;
  application_namespace: string;
  project: string;
  intent: Intent;
  bundle_digest: string | null;
  project_digest: string | null;
  settings_digest: string | null;
  held_prunes: string[];
  operation: Operation | null;
  position: string;
}

export interface DeliveryRow extends WatchedRow {
  objects: string[];
  created_at: Date;
  updated_at: Date;
}

export const WATCHED_COLUMNS = `d.cluster_uid, d.application_uid, d.owner_kind, d.application, d.application_namespace, d.project,
  d.intent, d.bundle_digest, d.project_digest, d.settings_digest, d.held_prunes, d.operation, c.position`;

export const DELIVERY_TABLES = `deliveries d join commits c on c.id = d.commit_id`;

export function toWatched(row: WatchedRow): WatchedDelivery {
  return {
    clusterUid: row.cluster_uid,
    applicationUid: row.application_uid,
    ownerKind: row.owner_kind,
    application: row.application,
    applicationNamespace: row.application_namespace,
    project: row.project,
    intent: row.intent,
    bundleDigest: row.bundle_digest,
    projectDigest: row.project_digest,
    settingsDigest: row.settings_digest,
    heldPrunes: row.held_prunes,
    operation: row.operation,
    position: Number(row.position),
  };
}

export function toStoredDelivery(row: DeliveryRow): StoredDelivery {
  return { ...toWatched(row), objects: row.objects, createdAt: row.created_at, updatedAt: row.updated_at };
}

/** The canonical document that goes to the agent. */
export function toDelivery(row: WatchedDelivery, { hubId, epoch }: { hubId: string; epoch: string }): Delivery {
  return {
    hubId,
    epoch,
    clusterUid: row.clusterUid,
    applicationUid: row.applicationUid,
    position: row.position,
    intent: row.intent,
    bundleDigest: row.bundleDigest,
    projectDigest: row.projectDigest,
    settingsDigest: row.settingsDigest,
    heldPrunes: [...row.heldPrunes],
    operation: row.operation,
    signatures: [],
  };
}

/** One element of the JSON array that `put` reads with jsonb_to_recordset. Lists are sets: their order is not a difference. */
export function toDeliveryRecord(write: DeliveryWrite): Record<string, unknown> {
  return {
    cluster_uid: write.clusterUid,
    application_uid: write.applicationUid,
    owner_kind: write.ownerKind,
    application: write.application,
    application_namespace: write.applicationNamespace,
    project: write.project,
    intent: write.intent,
    bundle_digest: write.bundleDigest,
    project_digest: write.projectDigest,
    settings_digest: write.settingsDigest,
    held_prunes: [...write.heldPrunes].sort(),
    operation: write.operation ?? null,
    keeps_operation: write.operation === undefined,
    objects: [...write.objects].sort(),
  };
}

export const RECORD_SHAPE = `cluster_uid uuid, application_uid uuid, owner_kind text, application text, application_namespace text,
  project text, intent text, bundle_digest text, project_digest text, settings_digest text, held_prunes jsonb,
  operation jsonb, keeps_operation boolean, objects jsonb`;
