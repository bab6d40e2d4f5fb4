import type { Clock } from '../kernel/clock.js';
import { rfc3339 } from '../kernel/clock.js';
import { FleetError, invalid, notFound } from '../kernel/errors.js';
import type { Ids } from '../kernel/ids.js';
import type { KubernetesObject, ManagedFieldsEntry, ObjectMeta } from '../kernel/object.js';
import { applyConfig, trackUpdate, type FieldManager } from '../kubernetes/managed-fields.js';
import { requireName, requireNamespace, type Target } from './admission.js';
import { apiVersionOf, resourceName, type KindDefinition } from './kind.js';
import type { KindRegistry } from './kind-registry.js';
import type { ClusterStore } from './cluster-store.js';
import { applicable, completed, isReleased, isSame, stamped, type Draft, type WriteOptions } from './draft.js';

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
    const draft = { kind: named.kind, live: undefined, wanted: fresh, options };
    return { object: this.commit(draft), created: true };
  }

  /** PUT: the whole object, refused when it names another resourceVersion or uid than the live one. */
  replace(target: Target, body: KubernetesObject, options: WriteOptions): Written {
    requireNamedVersion(target, body);
    return this.modify(target, () => body, options);
  }

  /** Replaces the live object by what `change` makes of it. */
  modify(target: Target, change: (live: KubernetesObject) => KubernetesObject, options: WriteOptions): Written {
    const live = this.require(target);
    const next = change(live);
    requireSameVersion(target, live, next.metadata);
    return { object: this.commit({ kind: target.kind, live, wanted: next, options }), created: false };
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
    const owned = live && this.ownedBefore(target.kind, live, options);
    const applied = applyConfig({ live: owned, config: own, by, force: options.force, rules: target.kind.rules });
    if (applied === owned && live !== undefined) return { object: live, created: false };
    const draft = { kind: target.kind, live, wanted: applied, options };
    return { object: this.commit(draft, applied.metadata.managedFields), created: live === undefined };
  }

  require({ kind, namespace, name }: Target): KubernetesObject {
    const live = this.parts.store.get(kind, namespace, name);
    if (live === undefined) throw notFound(resourceName(kind), name);
    return live;
  }

  /** Stores the draft unless it is a dry run or changes nothing. An apply brings its entries, a plain write's are made here. */
  private commit(draft: Draft, entries?: ManagedFieldsEntry[]): KubernetesObject {
    const { kind, live, options } = draft;
    const identity = this.identity(live);
    const { written, stored } = completed({ ...draft, wanted: withUid(draft.wanted, identity.uid) });
    const by = this.managerOf(kind, 'Update', options);
    const track = { before: live && tracked(draft, live), after: tracked(draft, written), by, rules: kind.rules };
    const managedFields = entries ?? (isUntracked(live, written) ? [] : trackUpdate(track));
    const next = stamped({ ...draft, wanted: stored }, { managedFields, ...identity });
    if (live !== undefined && isSame(next, live)) return live;
    options.admit?.(next);
    if (options.dryRun === true) return next;
    if (!isReleased(kind, next)) return this.parts.store.put(kind, next);
    this.parts.store.remove(kind, next);
    return next;
  }

  /** What nobody owned when it is first applied to belongs to `before-first-apply` from then on. */
  private ownedBefore(kind: KindDefinition, live: KubernetesObject, options: WriteOptions): KubernetesObject {
    if (hasOwners(live)) return live;
    const by = this.managerOf(kind, 'Update', { manager: 'before-first-apply' });
    const after = tracked({ kind, live, wanted: live, options }, live);
    const managedFields = trackUpdate({ before: undefined, after, by, rules: kind.rules });
    return { ...live, metadata: { ...live.metadata, managedFields } };
  }

  private identity(live: KubernetesObject | undefined): { uid: string; creationTimestamp: string } {
    const { uid = this.parts.ids.uuid(), creationTimestamp = this.now() } = live?.metadata ?? {};
    return { uid, creationTimestamp };
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

/** Custom resources, and budgets of disruption, are replaced only by who has seen the present state. */
function requireNamedVersion({ kind, name }: Target, { metadata }: KubernetesObject): void {
  const isNamed = metadata.resourceVersion !== undefined && metadata.resourceVersion !== '';
  if (isNamed || (kind.type !== undefined && kind.kind !== 'PodDisruptionBudget')) return;
  const message = 'Invalid value: 0: must be specified for an update';
  const path = 'metadata.resourceVersion';
  throw invalid('INVALID_OBJECT', `${resourceName(kind)} "${name}" is invalid: ${path}: ${message}`, [
    { path, message },
  ]);
}

export function conflictOn({ kind, name }: Target, why: string): FleetError {
  const message = `Operation cannot be fulfilled on ${resourceName(kind)} "${name}": ${why}`;
  return new FleetError('conflict', 'OBJECT_MODIFIED', message);
}

function alreadyExists({ kind, name }: Target): FleetError {
  return new FleetError('already-exists', 'ALREADY_EXISTS', `${resourceName(kind)} "${name}" already exists`);
}

/** What a write through this door can own: its subresource's fields, or all others. */
function tracked({ kind, options }: Draft, { status, ...object }: KubernetesObject): KubernetesObject {
  const isOther = kind.hasStatus && options.subresource !== 'status';
  return (isOther || status === undefined ? object : { ...object, status }) as KubernetesObject;
}

function hasOwners({ metadata }: KubernetesObject): boolean {
  return (metadata.managedFields ?? []).length > 0;
}

/** Owners are told from an object's creation or its first apply on; one that has none gets none by plain writes. */
function isUntracked(live: KubernetesObject | undefined, written: KubernetesObject): boolean {
  return live !== undefined && !hasOwners(live) && !hasOwners(written);
}

function withUid(object: KubernetesObject, uid: string): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, uid } };
}

function withName(body: KubernetesObject, name: string): KubernetesObject {
  return { ...body, metadata: { ...body.metadata, name } };
}
