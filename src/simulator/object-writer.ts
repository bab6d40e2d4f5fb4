import type { Clock } from '../kernel/clock.js';
import { rfc3339 } from '../kernel/clock.js';
import { FleetError, notFound } from '../kernel/errors.js';
import type { Ids } from '../kernel/ids.js';
import { jsonEqual } from '../kernel/json.js';
import type { KubernetesObject, ObjectMeta } from '../kernel/object.js';
import { applyConfig, trackUpdate, type FieldManager } from '../kubernetes/managed-fields.js';
import { requireImmutable, requireName, requireNamespace, requireSelector, type Target } from './admission.js';
import { withDefaults } from './defaults.js';
import { apiVersionOf, resourceName, type KindDefinition } from './kind.js';
import type { KindRegistry } from './kind-registry.js';
import type { ClusterStore } from './cluster-store.js';

export interface WriteOptions {
  manager: string;
  dryRun?: boolean;
  subresource?: 'status' | 'scale';
}

export interface Written {
  object: KubernetesObject;
  created: boolean;
}

export interface WriterParts {
  store: ClusterStore;
  registry: KindRegistry;
  clock: Clock;
  ids: Ids;
}

/** Creates, updates and applies objects by the API server's rules. A write that changes nothing is not stored. */
export class ObjectWriter {
  constructor(private readonly parts: WriterParts) {}

  create(target: Target, body: KubernetesObject, options: WriteOptions): Written {
    const { store, registry } = this.parts;
    const named = { ...target, name: body.metadata.name || this.generateName(body) };
    requireName(named);
    requireNamespace(store, registry, named);
    if (store.get(named.kind, named.namespace, named.name)) throw alreadyExists(named);
    const fresh = withName(body, named.name);
    return { object: this.commit(named, undefined, fresh, options), created: true };
  }

  /** PUT: the whole object, refused when it names another resourceVersion or uid than the live one. */
  replace(target: Target, body: KubernetesObject, options: WriteOptions): Written {
    return this.modify(target, () => body, options);
  }

  /** Replaces the live object by what `change` makes of it. */
  modify(target: Target, change: (live: KubernetesObject) => KubernetesObject, options: WriteOptions): Written {
    const live = this.require(target);
    const next = change(live);
    requireSameVersion(target, live, next.metadata);
    return { object: this.commit(target, live, next, options), created: false };
  }

  /** Server-side apply; makes the object when there is none. Throws FIELD_CONFLICT unless forced. */
  apply(target: Target, config: KubernetesObject, options: WriteOptions & { force: boolean }): Written {
    const { store, registry } = this.parts;
    const live = store.get(target.kind, target.namespace, target.name);
    if (live === undefined) {
      if (options.subresource !== undefined) throw notFound(resourceName(target.kind), target.name);
      requireName(target);
      requireNamespace(store, registry, target);
    } else {
      requireSameVersion(target, live, config.metadata);
    }
    const by = this.managerOf(target.kind, 'Apply', options);
    const own = applicable(target.kind, config, options);
    const applied = applyConfig({ live, config: own, by, force: options.force, rules: target.kind.rules });
    if (applied === live) return { object: live, created: false };
    return { object: this.commit(target, live, applied, options, true), created: live === undefined };
  }

  require({ kind, namespace, name }: Target): KubernetesObject {
    const live = this.parts.store.get(kind, namespace, name);
    if (live === undefined) throw notFound(resourceName(kind), name);
    return live;
  }

  private commit(
    { kind }: Target,
    live: KubernetesObject | undefined,
    wanted: KubernetesObject,
    options: WriteOptions,
    hasEntries = false,
  ): KubernetesObject {
    const scoped = inScope(kind, live, wanted, options);
    const complete = options.subresource === 'status' ? scoped : this.complete(kind, scoped, live);
    const entries = hasEntries ? (wanted.metadata.managedFields ?? []) : this.track(kind, live, complete, options);
    const stamped = this.stamp(kind, live, complete, entries);
    if (live !== undefined && isSame(stamped, live)) return live;
    if (options.dryRun === true) return stamped;
    if (live?.metadata.deletionTimestamp !== undefined && (stamped.metadata.finalizers ?? []).length === 0) {
      this.parts.store.remove(kind, stamped);
      return stamped;
    }
    return this.parts.store.put(kind, stamped);
  }

  /** With defaults, and held to the rules of its kind. */
  private complete(
    kind: KindDefinition,
    scoped: KubernetesObject,
    live: KubernetesObject | undefined,
  ): KubernetesObject {
    const complete = withDefaults(kind, scoped, live);
    if (live !== undefined) requireImmutable(kind, live, complete);
    requireSelector(kind, complete);
    return complete;
  }

  private track(
    kind: KindDefinition,
    before: KubernetesObject | undefined,
    after: KubernetesObject,
    options: WriteOptions,
  ) {
    return trackUpdate({ before, after, by: this.managerOf(kind, 'Update', options), rules: kind.rules });
  }

  /** Identity and bookkeeping, which no client writes. */
  private stamp(
    kind: KindDefinition,
    live: KubernetesObject | undefined,
    next: KubernetesObject,
    managedFields: ObjectMeta['managedFields'],
  ): KubernetesObject {
    const { uid, creationTimestamp, deletionTimestamp, resourceVersion } = live?.metadata ?? {};
    const { generation: _given, deletionTimestamp: _client, resourceVersion: _seen, ...metadata } = next.metadata;
    const generation = generationOf(kind, live, next);
    return {
      ...next,
      metadata: {
        ...metadata,
        uid: uid ?? this.parts.ids.uuid(),
        creationTimestamp: creationTimestamp ?? this.now(),
        ...(resourceVersion === undefined ? {} : { resourceVersion }),
        ...(generation === undefined ? {} : { generation }),
        ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
        managedFields: managedFields ?? [],
      },
    };
  }

  private managerOf(kind: KindDefinition, operation: 'Apply' | 'Update', options: WriteOptions): FieldManager {
    const by = { manager: options.manager, operation, apiVersion: apiVersionOf(kind), time: this.now() };
    return options.subresource === undefined ? by : { ...by, subresource: options.subresource };
  }

  private generateName(body: KubernetesObject): string {
    const { generateName } = body.metadata as { generateName?: unknown };
    if (typeof generateName !== 'string' || generateName === '') return '';
    return generateName + this.parts.ids.uuid().replaceAll('-', '').slice(-5);
  }

  private now(): string {
    return rfc3339(this.parts.clock.now());
  }
}

/** Equal but for the times of managers: an apply of what is there already is no write, however it is spelled. */
function isSame(next: KubernetesObject, live: KubernetesObject): boolean {
  return jsonEqual(withoutTimes(next), withoutTimes(live));
}

function withoutTimes({ metadata, ...fields }: KubernetesObject): object {
  const managedFields = metadata.managedFields?.map(({ time: _time, ...entry }) => entry);
  return { ...fields, metadata: { ...metadata, managedFields } };
}

/** What a write may touch: its subresource, or everything but it. */
function inScope(
  kind: KindDefinition,
  live: KubernetesObject | undefined,
  wanted: KubernetesObject,
  { subresource }: WriteOptions,
): KubernetesObject {
  if (subresource === 'status' && live !== undefined) return { ...live, status: wanted.status };
  if (!kind.hasStatus) return wanted;
  const { status: _client, ...rest } = wanted;
  return live?.status === undefined ? rest : { ...rest, status: live.status };
}

/** An applied document without what its manager cannot own through this door. */
function applicable(kind: KindDefinition, config: KubernetesObject, { subresource }: WriteOptions): KubernetesObject {
  const { name, namespace, labels, annotations, ownerReferences, finalizers } = config.metadata;
  const identity = namespace === undefined ? { name } : { name, namespace };
  if (subresource === 'status') {
    return { apiVersion: config.apiVersion, kind: config.kind, metadata: identity, status: config.status };
  }
  const metadata = Object.fromEntries(
    Object.entries({ ...identity, labels, annotations, ownerReferences, finalizers }).filter(([, v]) => v != null),
  ) as unknown as ObjectMeta;
  const { status, ...rest } = config;
  return kind.hasStatus || status === undefined ? { ...rest, metadata } : { ...rest, metadata, status };
}

function generationOf(
  kind: KindDefinition,
  live: KubernetesObject | undefined,
  next: KubernetesObject,
): number | undefined {
  if (!kind.hasGeneration) return undefined;
  if (live === undefined) return 1;
  const current = live.metadata.generation ?? 1;
  return jsonEqual(specOf(live, kind), specOf(next, kind)) ? current : current + 1;
}

function specOf({ metadata: _metadata, status, ...rest }: KubernetesObject, kind: KindDefinition): object {
  return kind.hasStatus ? rest : { ...rest, status };
}

function requireSameVersion(target: Target, live: KubernetesObject, given: ObjectMeta): void {
  const { resourceVersion, uid } = given;
  if (uid !== undefined && uid !== '' && uid !== live.metadata.uid) {
    throw conflictOn(target, `the UID in the precondition (${uid}) does not match the UID in record`);
  }
  if (resourceVersion === undefined || resourceVersion === '' || resourceVersion === live.metadata.resourceVersion)
    return;
  const hint = 'the object has been modified; please apply your changes to the latest version and try again';
  throw conflictOn(target, hint);
}

export function conflictOn({ kind, name }: Target, why: string): FleetError {
  const message = `Operation cannot be fulfilled on ${resourceName(kind)} "${name}": ${why}`;
  return new FleetError('conflict', 'OBJECT_MODIFIED', message);
}

function alreadyExists({ kind, name }: Target): FleetError {
  return new FleetError('already-exists', 'ALREADY_EXISTS', `${resourceName(kind)} "${name}" already exists`);
}

function withName(body: KubernetesObject, name: string): KubernetesObject {
  return { ...body, metadata: { ...body.metadata, name } };
}
