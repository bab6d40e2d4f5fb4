import type { HubObject, ObjectScope } from '../../src/database/objects/hub-object.js';
import type { ObjectChange } from '../../src/reconcile/object-change.js';
import type { CommitStamp } from './database.js';

export interface ObjectRow {
  object: HubObject;
  scope: ObjectScope;
  commit: CommitStamp;
}

export interface TombstoneRow {
  change: Omit<ObjectChange, 'position'>;
  commit: CommitStamp;
}

export interface ClusterVersionRow {
  uid: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  spec: unknown;
  commit: CommitStamp;
}
