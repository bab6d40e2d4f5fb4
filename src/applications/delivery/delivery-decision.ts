import type { OwnerMemory, RemovalOwner } from '../../approvals/guard-memory.js';
import type { Guarded } from '../../changes/guard.js';
import type { HubObject, Stored } from '../../database/objects/hub-object.js';
import type { DeliveryWrite } from '../../dispatch/gateway/deliveries/stored-delivery.js';
import type { RenderOutcome } from '../../rendering/source-renderer.js';
import type { ApplicationSpec } from '../domain/application.js';

export type StoredApplication = HubObject<ApplicationSpec>;

/** Why an Application is not delivered as it is written; types as Argo CD names them (argocd-behaviour.md 4.10). */
export interface ApplicationCondition {
  type: 'InvalidSpecError' | 'ComparisonError' | 'SyncError' | 'DeletionError' | 'AwaitingApproval' | 'RenderWarning';
  message: string;
}

/** What should become of an Application's rows, found without writing anything; commit and preview start from it. */
export interface DeliveryDecision {
  /** Rows as they should be: the present cluster's, and those of clusters it left. Rows not named stay as they are. */
  writes: DeliveryWrite[];
  /** Settings and project documents that the rows name by digest. */
  documents: unknown[];
  owner: RemovalOwner;
  known: OwnerMemory;
  guarded: Guarded;
  /** Objects this delivery creates and prunes on its cluster. */
  objects: { creates: string[]; prunes: string[] };
  conditions: ApplicationCondition[];
  rendered?: RenderOutcome;
  /** Set when an input was unreadable: look again then. */
  retryAfterMs?: number;
}

/** Pruned objects are counted under the set that generated the Application, else under the Application itself. */
export function removalOwner({ object, scope }: Stored<StoredApplication>): RemovalOwner {
  const { uid, namespace, name } = object.metadata;
  const project = object.spec.project || 'default';
  return {
    queue: 'applications',
    uid,
    name: `Application ${namespace}/${name}`,
    project,
    countedUnder: scope.ownerUid ?? uid,
  };
}
