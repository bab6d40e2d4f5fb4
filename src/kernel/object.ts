/** The envelope every Kubernetes-style object wears, in the hub and in member clusters alike. */
export interface ObjectMeta {
  name: string;
  /** Of hooks only, which are named when they are made; such a manifest has no name yet. */
  generateName?: string;
  namespace?: string;
  uid?: string;
  generation?: number;
  resourceVersion?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  managedFields?: ManagedFieldsEntry[];
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ManagedFieldsEntry {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  time?: string;
  fieldsType: 'FieldsV1';
  fieldsV1: Record<string, unknown>;
  subresource?: string;
}

/** An object whose fields beyond the envelope are unknown: a manifest, a live object of a member cluster. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** Group, kind, namespace and name: what an object is, whatever version it was written in. Core group is ''; no namespace is ''. */
export interface ObjectId {
  group: string;
  kind: string;
  namespace: string;
  name: string;
}

export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** Of an object that is not named yet, the start of its name: no name ends like that. */
export function objectId(object: KubernetesObject): ObjectId {
  const { namespace, name = object.metadata.generateName ?? '' } = object.metadata;
  return { group: groupOf(object.apiVersion), kind: object.kind, namespace: namespace ?? '', name };
}

/** `group/kind/namespace/name`, a key for maps, rows and messages. No part may hold a slash, so it is unambiguous. */
export function objectKey(id: ObjectId): string {
  return `${id.group}/${id.kind}/${id.namespace}/${id.name}`;
}

export function parseObjectKey(key: string): ObjectId {
  const [group = '', kind = '', namespace = '', name = ''] = key.split('/');
  return { group, kind, namespace, name };
}

/** The owner that controls the object, if any: at most one has `controller: true`. */
export function controllerOf(meta: ObjectMeta): OwnerReference | undefined {
  return meta.ownerReferences?.find((reference) => reference.controller === true);
}
