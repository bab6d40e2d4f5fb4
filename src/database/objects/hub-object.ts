import type { JsonObject } from '../../kernel/json.js';
import type { KubernetesObject, ObjectMeta } from '../../kernel/object.js';

/** The fields of a stored object that a row always has. */
export interface StoredMeta extends ObjectMeta {
  namespace: string;
  uid: string;
  generation: number;
  resourceVersion: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  creationTimestamp: string;
}

/** What the row says beside the document: whose it is and where it goes. Access filters and fan-out read these. */
export interface ObjectScope {
  project?: string;
  /** Name of the member cluster an Application or store is destined for. */
  cluster?: string;
  /** uid of the controlling owner. */
  ownerUid?: string;
}

/** A hub object as stored: envelope, spec, and the status that reconcilers write. */
export interface HubObject<Spec = unknown, Status = JsonObject> extends KubernetesObject {
  metadata: StoredMeta;
  spec: Spec;
  status?: Status;
}

export interface Stored<T extends HubObject = HubObject> {
  object: T;
  scope: ObjectScope;
}

/** A new or changed object on its way in; uid, generation and resourceVersion are the store's to give. */
export interface ObjectWrite {
  object: KubernetesObject;
  scope: ObjectScope;
}

/** A position in a listing, opaque outside. */
export interface ListKey {
  namespace: string;
  name: string;
}
