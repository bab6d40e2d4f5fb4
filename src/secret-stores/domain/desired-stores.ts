import { destinationForRules, resolveDestination, type ClusterLookup } from '../../applications/domain/destination.js';
import type { DesiredItem, StoredItem } from '../../changes/plan.js';
import type { ObjectWrite, Stored } from '../../database/objects/hub-object.js';
import type { RenderedDocument } from '../../expansion/expansion.js';
import type { JudgedItems, Problem } from '../../generation/judged-items.js';
import { isObject, own } from '../../kernel/json.js';
import { groupOf, type KubernetesObject, type OwnerReference } from '../../kernel/object.js';
import { permitsDestination } from '../../projects/domain/permits-destination.js';
import { permitsKind } from '../../projects/domain/permits-kind.js';
import type { AppProjectSpec } from '../../projects/domain/app-project.js';
import {
  DISTRIBUTED_STORE,
  distributedStoreName,
  STORE_FINALIZER,
  type DistributedStoreSpec,
} from './distributed-store.js';

/** What a rendered template holds: the store, and where it goes. */
export interface RenderedStore {
  store: KubernetesObject;
  destination: { name?: string; server?: string };
}

export interface StoreContext {
  owner: OwnerReference;
  namespace: string;
  project: { name: string; spec: AppProjectSpec } | undefined;
  clusters: ClusterLookup;
  /** What is stored under the generated names, and all that the set owns. */
  stored: ReadonlyMap<string, Stored>;
}

/** Judges each rendered store on its own: its shape, its cluster, and what the set's project permits there. */
export function desiredStores(rendered: readonly RenderedDocument[], context: StoreContext): JudgedItems {
  const result = {
    desired: [] as DesiredItem<ObjectWrite>[],
    leave: new Map<string, string>(),
    problems: [] as Problem[],
  };
  const seen = new Set<string>();
  for (const [index, { document }] of rendered.entries()) {
    const judged = judge(document as RenderedStore, context);
    const key = judged.key ?? `result ${index}`;
    const fault = 'code' in judged ? judged : seen.has(key) ? duplicate(key) : undefined;
    seen.add(key);
    if (fault) {
      result.problems.push({ key, code: fault.code, message: fault.message });
      result.leave.set(key, fault.message);
    } else if ('content' in judged) result.desired.push(judged);
  }
  result.desired = result.desired.filter(({ key }) => !result.leave.has(key));
  return result;
}

export function storeKey(name: string): string {
  return `store ${name}`;
}

export function storedStore(stored: Stored): StoredItem<Stored> {
  const { object } = stored;
  return {
    key: storeKey(object.metadata.name),
    uid: object.metadata.uid,
    deleting: object.metadata.deletionTimestamp !== undefined,
    content: object.spec,
    value: stored,
  };
}

type Fault = { key?: string; code: string; message: string };

function judge({ store, destination }: RenderedStore, context: StoreContext): DesiredItem<ObjectWrite> | Fault {
  const { project } = context;
  const resolved = resolveDestination(destination, context.clusters);
  // A cluster that is not in the fleet any more keeps its name, so that what is stored for it stays as it is.
  const asked = destination.name ? { key: storeKey(distributedStoreName(destination.name, store)) } : {};
  if (!resolved.ok) return { ...asked, code: resolved.error.code, message: resolved.error.message };
  if (resolved.value.type === 'hub') {
    return { ...asked, code: 'DESTINATION_UNKNOWN', message: 'a store goes to a member cluster, not to in-cluster' };
  }
  const cluster = resolved.value.cluster.name;
  const name = distributedStoreName(cluster, store);
  const key = storeKey(name);
  const shape = shapeFault(store);
  if (shape) return { key, code: 'STORE_INVALID', message: shape };
  if (!project) return { key, code: 'PROJECT_UNKNOWN', message: "the set's project does not exist" };
  const kind = {
    group: groupOf(store.apiVersion),
    kind: store.kind,
    name: store.metadata.name,
    namespaced: store.kind === 'SecretStore',
  };
  const where = { ...destinationForRules(resolved.value), namespace: store.metadata.namespace ?? '' };
  const verdicts = [
    permitsKind(project.spec, kind),
    ...(kind.namespaced ? [permitsDestination(project.spec, where)] : []),
  ];
  const refused = verdicts.find((verdict) => !verdict.allowed);
  if (refused) return { key, code: 'NOT_PERMITTED', message: refused.reason };
  const stored = context.stored.get(key);
  if (stored && stored.scope.ownerUid !== context.owner.uid) {
    return {
      key,
      code: 'STORE_NAME_TAKEN',
      message: `${store.kind} "${store.metadata.name}" on cluster "${cluster}" belongs to another set`,
    };
  }
  const spec: DistributedStoreSpec = { project: project.name, cluster, store };
  return {
    key,
    content: spec,
    value: {
      object: document(name, spec, context, stored),
      scope: { project: project.name, cluster, ownerUid: context.owner.uid },
    },
  };
}

function document(
  name: string,
  spec: DistributedStoreSpec,
  { owner, namespace }: StoreContext,
  stored: Stored | undefined,
): KubernetesObject {
  const metadata = { name, namespace, ownerReferences: [owner], finalizers: [STORE_FINALIZER] };
  return {
    ...DISTRIBUTED_STORE,
    metadata: { ...metadata, ...(stored ? { uid: stored.object.metadata.uid } : {}) },
    spec,
  };
}

/** External Secrets takes exactly one provider (peers.md D2), and a SecretStore lives in a namespace. */
function shapeFault({ kind, metadata, spec }: KubernetesObject): string | undefined {
  const provider = isObject(spec) ? own(spec, 'provider') : undefined;
  if (!isObject(provider) || Object.keys(provider).length !== 1) return 'spec.provider must name exactly one provider';
  if (kind === 'SecretStore' && !metadata.namespace) return 'a SecretStore needs metadata.namespace';
  return kind === 'ClusterSecretStore' && metadata.namespace
    ? 'a ClusterSecretStore has no metadata.namespace'
    : undefined;
}

function duplicate(key: string): Fault {
  return { key, code: 'STORE_DUPLICATE', message: `${key} was generated more than once; none of them is touched` };
}
