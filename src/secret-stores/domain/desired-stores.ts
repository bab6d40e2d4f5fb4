import {
  resolveDestination,
  type ClusterLookup,
  type DestinationCluster,
  type OwnedClusters,
} from '../../applications/domain/destination.js';
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
  clusters: ClusterLookup & OwnedClusters;
  /** What is stored under the generated names, and all that the set owns. */
  stored: ReadonlyMap<string, Stored>;
}

/** Units of work (kernel/pace.ts) that one store takes. */
const UNITS_A_STORE = 60;

/**
 * Judges each rendered store on its own, in pieces of one each: its shape, its cluster, and what the set's project
 * permits there.
 */
export function* judgingStores(
  rendered: readonly RenderedDocument[],
  context: StoreContext,
): Generator<number, JudgedItems> {
  const result = {
    desired: [] as DesiredItem<ObjectWrite>[],
    leave: new Map<string, string>(),
    problems: [] as Problem[],
  };
  const seen = new Set<string>();
  for (const [index, { document }] of rendered.entries()) {
    yield UNITS_A_STORE;
    const judged = judge(document as RenderedStore, context);
    const key = judged.key ?? `result ${index}`;
    const fault = 'code' in judged ? judged : seen.has(key) ? duplicate(key) : undefined;
    seen.add(key);
    if (fault) {
      const project = context.project === undefined ? {} : { project: context.project.name };
      result.problems.push({ key, code: fault.code, message: fault.message, ...project });
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

interface Place {
  key: string;
  name: string;
  cluster: DestinationCluster;
}

function judge(rendered: RenderedStore, context: StoreContext): DesiredItem<ObjectWrite> | Fault {
  const place = placeOf(rendered, context.clusters);
  if ('code' in place) return place;
  const { store } = rendered;
  const fault = shapeFault(store) ?? projectFault(store, place, context) ?? ownershipFault(store, place, context);
  if (fault) return { key: place.key, ...fault };
  const project = context.project?.name ?? '';
  const cluster = place.cluster.name;
  const spec: DistributedStoreSpec = { project, cluster, store };
  const object = document(place.name, spec, context, context.stored.get(place.key));
  return { key: place.key, content: spec, value: { object, scope: { project, cluster, ownerUid: context.owner.uid } } };
}

/** A cluster that is not in the fleet any more keeps its name, so that what is stored for it stays as it is. */
function placeOf({ store, destination }: RenderedStore, clusters: ClusterLookup): Place | Fault {
  const resolved = resolveDestination(destination, clusters);
  if (resolved.ok && resolved.value.type === 'member') {
    const { cluster } = resolved.value;
    const name = distributedStoreName(cluster.name, store);
    return { key: storeKey(name), name, cluster };
  }
  const asked = destination.name ? { key: storeKey(distributedStoreName(destination.name, store)) } : {};
  if (!resolved.ok) return { ...asked, code: resolved.error.code, message: resolved.error.message };
  return { ...asked, code: 'DESTINATION_UNKNOWN', message: 'a store goes to a member cluster, not to in-cluster' };
}

/** May the project put this kind there? A cluster-scoped store needs the cluster, in whichever namespaces it is granted. */
function projectFault(
  store: KubernetesObject,
  { cluster }: Place,
  { project, clusters }: StoreContext,
): Fault | undefined {
  if (!project) return { code: 'PROJECT_UNKNOWN', message: "the set's project does not exist" };
  const { kind, apiVersion, metadata } = store;
  const namespaced = kind === 'SecretStore';
  const rules = namespaced ? project.spec : anyNamespace(project.spec);
  const where = { server: cluster.server, name: cluster.name, namespace: metadata.namespace ?? '' };
  const refused = [
    permitsKind(project.spec, { group: groupOf(apiVersion), kind, name: metadata.name, namespaced }),
    permitsDestination(rules, where, clusters.ownedBy(project.name)),
  ].find((verdict) => !verdict.allowed);
  return refused && { code: 'NOT_PERMITTED', message: refused.reason };
}

function anyNamespace(spec: AppProjectSpec): AppProjectSpec {
  return { ...spec, destinations: (spec.destinations ?? []).map((entry) => ({ ...entry, namespace: '*' })) };
}

function ownershipFault(
  { kind, metadata }: KubernetesObject,
  { key, cluster }: Place,
  context: StoreContext,
): Fault | undefined {
  const stored = context.stored.get(key);
  if (!stored || stored.scope.ownerUid === context.owner.uid) return undefined;
  const message = `${kind} "${metadata.name}" on cluster "${cluster.name}" belongs to another set`;
  return { code: 'STORE_NAME_TAKEN', message };
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

/** External Secrets takes exactly one provider, and a SecretStore lives in a namespace. */
function shapeFault({ kind, metadata, spec }: KubernetesObject): Fault | undefined {
  const provider = isObject(spec) ? own(spec, 'provider') : undefined;
  const invalid = (message: string): Fault => ({ code: 'STORE_INVALID', message });
  if (!isObject(provider) || Object.keys(provider).length !== 1) {
    return invalid('spec.provider must name exactly one provider');
  }
  if (kind === 'SecretStore' && !metadata.namespace) return invalid('a SecretStore needs metadata.namespace');
  if (kind === 'SecretStore' || !metadata.namespace) return undefined;
  return invalid('a ClusterSecretStore has no metadata.namespace');
}

function duplicate(key: string): Fault {
  return { key, code: 'STORE_DUPLICATE', message: `${key} was generated more than once; none of them is touched` };
}
