import type { DeliverySettings } from '../../dispatch/protocol/delivery.js';
import type { HubObject } from '../../database/objects/hub-object.js';
import type { KubernetesObject } from '../../kernel/object.js';

export const DISTRIBUTED_STORE = { apiVersion: 'fleetwright.io/v1alpha1', kind: 'DistributedStore' } as const;

/** Held until the member cluster has let the store go. */
export const STORE_FINALIZER = 'fleetwright.io/store';

/** One External Secrets store on one member cluster: to a SecretStoreSet what an Application is to an ApplicationSet. */
export interface DistributedStoreSpec {
  project: string;
  cluster: string;
  /** The ClusterSecretStore or SecretStore as it is applied; a reference to a provider, never a secret. */
  store: KubernetesObject;
}

export type DistributedStore = HubObject<DistributedStoreSpec>;

/** Unique for each store name on each cluster, so that two sets that want the same one collide on the name. */
export function distributedStoreName(cluster: string, { kind, metadata }: KubernetesObject): string {
  const parts = [cluster, kind.toLowerCase(), ...(metadata.namespace ? [metadata.namespace] : []), metadata.name];
  return parts.join('.');
}

/** A store is always automated: it is the set that decides, and a hand-edited store would send secrets astray. */
export function storeSettings({ metadata, spec }: DistributedStore, server: string): DeliverySettings {
  return {
    application: metadata.name,
    applicationNamespace: metadata.namespace,
    ownerKind: DISTRIBUTED_STORE.kind,
    project: spec.project,
    instance: `store.${metadata.name}`,
    destinationNamespace: spec.store.metadata.namespace ?? '',
    destinationServer: server,
    automated: true,
    prune: true,
    selfHeal: true,
    syncOptions: [],
  };
}
