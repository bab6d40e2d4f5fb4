import type { Clock } from '../../../kernel/clock.js';
import type { ApiResource } from '../../../kubernetes/client/api-resource.js';
import type { KubernetesClient } from '../../../kubernetes/client/kubernetes-client.js';
import type { ApplicationReport } from '../../protocol/report.js';
import type { Log } from '../../../kernel/log.js';
import type { ApiCatalog } from '../api-catalog.js';
import type { Ceiling } from '../boundaries.js';
import type { BundleStore } from '../bundle-store.js';
import type { HubHistory } from '../hub-history.js';
import type { HubDocuments } from '../hub-documents.js';
import type { LiveObjects } from '../live-objects.js';
import type { ManagedApplications } from '../managed-applications.js';
import type { MemberMemory } from '../member-memory.js';
import type { UnownedApplications } from '../unowned-applications.js';

/** What a pass over one Application works with. */
export interface PassContext {
  client: KubernetesClient;
  catalog: ApiCatalog;
  live: LiveObjects;
  memory: MemberMemory;
  applications: ManagedApplications;
  unowned: UnownedApplications;
  bundles: BundleStore;
  documents: HubDocuments;
  clock: Clock;
  logger: Log;
  hubId: string;
  cluster: string;
  ceiling: Ceiling;
  /** How long a pass that waits for the cluster lets pass before it looks again by itself; events come sooner. */
  recheckMs: number;
  history: () => HubHistory | null;
  publish: (report: ApplicationReport) => void;
  /** Asks for a pass over an Application that may be able to go on now. */
  wake: (uid: string) => void;
}

/** Kinds of an Application's objects that are served, for the watches; the rest is reported where it is applied. */
export function resourcesInUse(
  kinds: Iterable<{ apiVersion: string; kind: string }>,
  catalog: ApiCatalog,
): ApiResource[] {
  const found = new Map<string, ApiResource>();
  for (const { apiVersion, kind } of kinds) {
    const resource = catalog.reach(apiVersion, kind);
    if (resource) found.set(`${apiVersion} ${kind}`, resource);
  }
  return [...found.values()];
}
