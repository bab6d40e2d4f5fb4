import { rfc3339, SystemClock, type Clock } from '../kernel/clock.js';
import { digestJson } from '../kernel/digest.js';
import { invalid } from '../kernel/errors.js';
import { RandomIds, type Ids } from '../kernel/ids.js';
import { groupOf, type KubernetesObject, type ObjectId } from '../kernel/object.js';
import { readBody, type Target } from './admission.js';
import type { ControllerParts } from './controllers/controller-parts.js';
import { CronJobs } from './controllers/cron-jobs.js';
import { DaemonSets } from './controllers/daemon-sets.js';
import { Definitions } from './controllers/definitions.js';
import { Deployments } from './controllers/deployments.js';
import { GarbageCollector } from './controllers/garbage-collector.js';
import { Jobs } from './controllers/jobs.js';
import { NamespaceContent } from './controllers/namespace-content.js';
import { Pods } from './controllers/pods.js';
import { ReplicaSets } from './controllers/replica-sets.js';
import { StatefulSets } from './controllers/stateful-sets.js';
import { StatusController } from './controllers/status-controller.js';
import { EventRecorder } from './events/event-recorder.js';
import { Faults } from './faults.js';
import { builtInKinds } from './built-in-kinds.js';
import { nodeObject } from './nodes/node-objects.js';
import { KindRegistry } from './kind-registry.js';
import { ObjectDeleter, type DeleteOptions } from './object-deleter.js';
import { PodLogs } from './pod-logs.js';
import { ClusterStore } from './cluster-store.js';
import { ObjectWriter } from './object-writer.js';
import { SystemTimers, type Timers } from './timers.js';
import { WatchHub } from './watch-hub.js';
import { ControllerQueue } from './controller-queue.js';

export interface VirtualClusterOptions {
  name: string;
  /** Bearer token of its API; minted when absent. */
  token?: string;
  kubernetesVersion?: string;
  /** How long workloads take to become ready; 0 makes them ready at once. Default 200. */
  readyAfterMs?: number;
  /** Changes that watches may resume from. Default 1,000. */
  keptChanges?: number;
  /** Whether External Secrets Operator is installed. Default true. */
  externalSecrets?: boolean;
  nodes?: number;
  /** Whether workloads run through pods, and Events tell of it. Default true; without, large fleets cost less. */
  runsPods?: boolean;
  clock?: Clock;
  ids?: Ids;
  timers?: Timers;
}

/** How much a cluster was asked and how much it stored for its clients; controllers' own writes do not count. */
export interface Counters {
  requests: number;
  writes: number;
  byVerb: Record<string, number>;
}

/** One in-memory Kubernetes cluster: objects, rules, controllers. A SimulatorServer puts it on the network. */
export class VirtualCluster {
  readonly name: string;
  readonly token: string;
  readonly kubernetesVersion: string;
  readonly faults = new Faults();
  readonly counters: Counters = { requests: 0, writes: 0, byVerb: {} };
  readonly store: ClusterStore;
  readonly registry: KindRegistry;
  readonly writer: ObjectWriter;
  readonly deleter: ObjectDeleter;
  readonly watches: WatchHub;
  readonly clock: Clock;
  readonly logs: PodLogs;
  private readonly queue: ControllerQueue;
  private readonly statuses: StatusController;

  constructor(options: VirtualClusterOptions) {
    const { clock = new SystemClock(), ids = new RandomIds(), timers = new SystemTimers() } = options;
    this.name = options.name;
    this.clock = clock;
    this.token = options.token ?? ids.secret(24);
    this.kubernetesVersion = options.kubernetesVersion ?? 'v1.36.1';
    this.store = new ClusterStore(options.keptChanges ?? 1_000);
    this.registry = new KindRegistry(builtInKinds({ externalSecrets: options.externalSecrets ?? true }));
    this.writer = new ObjectWriter({ store: this.store, registry: this.registry, clock, ids });
    this.deleter = new ObjectDeleter(this.store, this.writer, clock);
    this.queue = new ControllerQueue(timers);
    this.watches = new WatchHub(this.store, timers);
    const { store, registry, writer, deleter, queue } = this;
    const { readyAfterMs = 200, nodes = 3, runsPods = true } = options;
    const { faults } = this;
    const events = new EventRecorder({ store, registry, writer, clock, isQuiet: !runsPods });
    const parts = { store, registry, writer, deleter, queue, clock, readyAfterMs, nodes, runsPods, faults, events };
    this.statuses = new StatusController(parts);
    this.logs = new PodLogs(clock);
    this.startControllers(parts);
    for (const namespace of ['default', 'kube-system', 'kube-public']) this.furnish(namespace);
    for (let number = 1; number <= nodes; number++) this.furnishNode(number);
  }

  /** The uid by which a cluster is known; the same for every virtual cluster of this name. */
  get uid(): string {
    return this.get({ group: '', kind: 'Namespace', namespace: '', name: 'kube-system' })?.metadata.uid ?? '';
  }

  get(id: ObjectId): KubernetesObject | undefined {
    const { kind, namespace, name } = this.target(id);
    return this.store.get(kind, namespace, name);
  }

  list(group: string, kind: string, namespace = ''): KubernetesObject[] {
    return this.store.list(this.target({ group, kind, namespace, name: '' }).kind, namespace);
  }

  create(object: KubernetesObject, manager = 'kubectl-create'): KubernetesObject {
    const target = this.targetOf(object);
    return this.writer.create(target, readBody(object, target), { manager }).object;
  }

  /** Server-side apply; throws FIELD_CONFLICT unless forced. */
  apply(object: KubernetesObject, manager: string, force = false): KubernetesObject {
    const target = this.targetOf(object);
    return this.writer.apply(target, readBody(object, target), { manager, force }).object;
  }

  /** A hand edit: `change` edits a copy of the live object, which is written as `manager`. */
  edit(id: ObjectId, change: (draft: KubernetesObject) => void, manager = 'kubectl-edit'): KubernetesObject {
    const edited = (live: KubernetesObject): KubernetesObject => {
      const draft = structuredClone(live);
      change(draft);
      return draft;
    };
    return this.writer.modify(this.target(id), edited, { manager }).object;
  }

  /** Puts a status as another controller would; the simulator's own may put its verdict back. */
  setStatus(id: ObjectId, status: Record<string, unknown>, manager = 'test-controller'): KubernetesObject {
    const change = (live: KubernetesObject): KubernetesObject => ({ ...live, status });
    return this.writer.modify(this.target(id), change, { manager, subresource: 'status' }).object;
  }

  delete(id: ObjectId, options: DeleteOptions = {}): void {
    this.deleter.delete(this.target(id), options);
  }

  /** Containers of the image end with an error from now on, until `mendImage`. */
  crashImage(image: string): void {
    this.faults.crashImage(image);
    this.statuses.recheck(this.registry.require('v1', 'Pod'));
  }

  /** No node can pull the image from now on, until `mendImage`: new pods of it wait. */
  breakImage(image: string): void {
    this.faults.breakImage(image);
  }

  mendImage(image: string): void {
    this.faults.mendImage(image);
    this.statuses.recheck(this.registry.require('v1', 'Pod'));
  }

  /** The provider of the secret stores of this name does not answer from now on, until `mendStore`. */
  breakStore(name: string): void {
    this.faults.breakStore(name);
    this.recheckStores();
  }

  mendStore(name: string): void {
    this.faults.mendStore(name);
    this.recheckStores();
  }

  private recheckStores(): void {
    const kinds = this.registry.all().filter(({ group }) => group === 'external-secrets.io');
    for (const kind of kinds) this.statuses.recheck(kind);
  }

  /** Runs a client's write, counted if it stored something: controllers react later, so only the client's own is seen. */
  counted<T>(write: () => T): T {
    const before = this.store.version;
    const result = write();
    if (this.store.version !== before) this.counters.writes++;
    return result;
  }

  /** Ends timers and watches; the objects stay readable. */
  close(): void {
    this.queue.close();
    this.watches.drop();
  }

  private startControllers(parts: ControllerParts): void {
    const controllers = [
      new Definitions(parts),
      new NamespaceContent(parts),
      this.statuses,
      this.logs,
      new GarbageCollector(parts),
      new Pods(parts),
      ...(parts.runsPods ? workloadControllers(parts) : []),
    ];
    for (const controller of controllers) this.store.subscribe((change) => controller.onChange(change));
  }

  /** Namespaces of the cluster's start have uids that only its name decides, as restarts of a real cluster keep theirs. */
  private furnish(namespace: string): void {
    const { kind } = this.target({ group: '', kind: 'Namespace', namespace: '', name: namespace });
    const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
    const target = { kind, namespace: '', name: namespace };
    const { object: made } = this.writer.create(target, object, { manager: 'kube-apiserver', dryRun: true });
    this.store.put(kind, { ...made, metadata: { ...made.metadata, uid: stableUid(this.name, namespace) } });
  }

  private furnishNode(number: number): void {
    const kind = this.registry.require('v1', 'Node');
    const object = nodeObject(number, this.kubernetesVersion, rfc3339(this.clock.now()));
    this.store.put(kind, {
      ...object,
      metadata: {
        ...object.metadata,
        uid: stableUid(this.name, object.metadata.name),
        creationTimestamp: rfc3339(this.clock.now()),
      },
    });
  }

  private target({ group, kind: kindName, namespace, name }: ObjectId): Target {
    const kind = this.registry.byGroupKind(group, kindName);
    if (kind === undefined) throw notServed(this.name, `${kindName}.${group}`);
    return { kind, namespace: kind.namespaced ? namespace : '', name };
  }

  private targetOf({ apiVersion, kind: kindName, metadata }: KubernetesObject): Target {
    const kind = this.registry.byKind(apiVersion, kindName);
    if (kind === undefined) throw notServed(this.name, `${kindName}.${groupOf(apiVersion)}`);
    return { kind, namespace: kind.namespaced ? (metadata.namespace ?? 'default') : '', name: metadata.name ?? '' };
  }
}

function workloadControllers(parts: ControllerParts) {
  const sets = [new Deployments(parts), new ReplicaSets(parts), new StatefulSets(parts), new DaemonSets(parts)];
  return [...sets, new Jobs(parts), new CronJobs(parts)];
}

function stableUid(cluster: string, namespace: string): string {
  const hex = digestJson([cluster, namespace]).slice('sha256:'.length);
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

function notServed(cluster: string, kind: string) {
  return invalid('KIND_NOT_SERVED', `virtual cluster "${cluster}" does not serve ${kind}`);
}
