import { rfc3339 } from '../../kernel/clock.js';
import type { JsonObject } from '../../kernel/json.js';
import {
  controllerOf,
  type KubernetesObject,
  type ManagedFieldsEntry,
  type OwnerReference,
} from '../../kernel/object.js';
import type { HubObject, ObjectWrite, Stored, StoredMeta } from './hub-object.js';

export interface ObjectRow {
  uid: string;
  kind: string;
  api_version: string;
  namespace: string;
  name: string;
  project: string | null;
  cluster: string | null;
  owner_uid: string | null;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  owner_references: OwnerReference[];
  finalizers: string[];
  managed_fields: ManagedFieldsEntry[];
  generation: string;
  body: JsonObject;
  created_at: Date;
  deleted_at: Date | null;
  position: string;
  status: JsonObject | null;
}

/** Columns of a select that `toStored` reads; `o`, `c` and `s` are objects, commits and object_statuses. */
export const OBJECT_COLUMNS = `o.uid, o.kind, o.api_version, o.namespace, o.name, o.project, o.cluster, o.owner_uid,
  o.labels, o.annotations, o.owner_references, o.finalizers, o.managed_fields, o.generation, o.body,
  o.created_at, o.deleted_at, c.position, s.status`;

export const OBJECT_TABLES = `objects o
  join commits c on c.id = o.commit_id
  left join object_statuses s on s.uid = o.uid`;

export function toStored<T extends HubObject>(row: ObjectRow): Stored<T> {
  const object: HubObject = {
    apiVersion: row.api_version,
    kind: row.kind,
    metadata: metadataOf(row),
    ...(row.body as { spec: JsonObject }),
    ...(row.status === null ? {} : { status: row.status }),
  };
  const scope = {
    ...(row.project === null ? {} : { project: row.project }),
    ...(row.cluster === null ? {} : { cluster: row.cluster }),
    ...(row.owner_uid === null ? {} : { ownerUid: row.owner_uid }),
  };
  return { object: object as T, scope };
}

function metadataOf(row: ObjectRow): StoredMeta {
  return {
    name: row.name,
    namespace: row.namespace,
    uid: row.uid,
    generation: Number(row.generation),
    resourceVersion: row.position,
    labels: row.labels,
    annotations: row.annotations,
    creationTimestamp: rfc3339(row.created_at),
    ...(row.owner_references.length === 0 ? {} : { ownerReferences: row.owner_references }),
    ...(row.finalizers.length === 0 ? {} : { finalizers: row.finalizers }),
    ...(row.managed_fields.length === 0 ? {} : { managedFields: row.managed_fields }),
    ...(row.deleted_at === null ? {} : { deletionTimestamp: rfc3339(row.deleted_at) }),
  };
}

/** One element of the JSON array that the set-based writes read with jsonb_to_recordset. */
export function toRecord({ object, scope }: ObjectWrite, uid: string): Record<string, unknown> {
  const { metadata } = object;
  return {
    uid,
    kind: object.kind,
    api_version: object.apiVersion,
    namespace: metadata.namespace,
    name: metadata.name,
    project: scope.project ?? null,
    cluster: scope.cluster ?? null,
    owner_uid: scope.ownerUid ?? controllerOf(metadata)?.uid ?? null,
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    owner_references: metadata.ownerReferences ?? [],
    finalizers: metadata.finalizers ?? [],
    managed_fields: metadata.managedFields ?? [],
    body: bodyOf(object),
  };
}

/** The document without its envelope and status: spec, and fields such as an Application's `operation`. */
export function bodyOf(object: KubernetesObject): Record<string, unknown> {
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, status: _status, ...body } = object;
  return body;
}

export const RECORD_SHAPE = `uid uuid, kind text, api_version text, namespace text, name text, project text, cluster text,
  owner_uid uuid, labels jsonb, annotations jsonb, owner_references jsonb, finalizers jsonb, managed_fields jsonb, body jsonb`;
