import { FleetError } from '../kernel/errors.js';
import type { KubernetesObject } from '../kernel/object.js';
import { apiVersionOf, resourceName, type KindDefinition } from './kind.js';

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** One committed write. `object` of a DELETED change is the last state, under the version of its deletion. */
export interface Change {
  type: ChangeType;
  kind: KindDefinition;
  object: KubernetesObject;
  previous: KubernetesObject | undefined;
  version: number;
}

export type ChangeListener = (change: Change) => void;

/**
 * Objects of one cluster, the one resourceVersion counter, and the window of changes that watches may resume from.
 * Stored objects are never edited: every write replaces one, so readers and watchers share them without copies.
 */
export class ClusterStore {
  private readonly objects = new Map<string, Map<string, KubernetesObject>>();
  private readonly dependents = new Map<string, Map<string, StoredRef>>();
  private readonly listeners = new Set<ChangeListener>();
  private window: Change[] = [];
  private compacted = 0;
  private current = 0;

  /** `kept` is how many changes watches may resume from. */
  constructor(private readonly kept: number) {}

  get version(): number {
    return this.current;
  }

  get(kind: KindDefinition, namespace: string, name: string): KubernetesObject | undefined {
    const found = this.objects.get(storeName(kind))?.get(keyOf(namespace, name));
    return found && inVersionOf(kind, found);
  }

  /** Sorted by namespace and name, as etcd answers. */
  list(kind: KindDefinition, namespace = ''): KubernetesObject[] {
    const all = this.objects.get(storeName(kind));
    return all === undefined ? [] : sorted(all, namespace).map((object) => inVersionOf(kind, object));
  }

  /** As `list` was at an earlier version. Throws EXPIRED when the kept changes no longer reach back that far. */
  listAt(kind: KindDefinition, namespace: string, version: number): KubernetesObject[] {
    const later = this.changesSince(version).filter((change) => storeName(change.kind) === storeName(kind));
    const then = new Map(this.objects.get(storeName(kind)));
    for (const { object, previous } of later.reverse()) {
      const key = keyOf(object.metadata.namespace ?? '', object.metadata.name);
      if (previous === undefined) then.delete(key);
      else then.set(key, previous);
    }
    return sorted(then, namespace).map((object) => inVersionOf(kind, object));
  }

  /** Commits a new state under the next version and tells the listeners. Answers what was stored. */
  put(asked: KindDefinition, told: KubernetesObject): KubernetesObject {
    const kind = asked.twin?.of ?? asked;
    const object = asked.twin?.toStored(told) ?? told;
    const { namespace = '', name } = object.metadata;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.current) } };
    const of = this.mapOf(kind);
    const previous = of.get(keyOf(namespace, name));
    of.set(keyOf(namespace, name), stored);
    this.index(kind, previous, stored);
    this.publish({ type: previous ? 'MODIFIED' : 'ADDED', kind, object: stored, previous, version: this.current });
    return inVersionOf(asked, stored);
  }

  remove(asked: KindDefinition, told: KubernetesObject): void {
    const kind = asked.twin?.of ?? asked;
    const object = asked.twin?.toStored(told) ?? told;
    const { namespace = '', name } = object.metadata;
    const previous = this.mapOf(kind).get(keyOf(namespace, name));
    if (previous === undefined) return;
    this.mapOf(kind).delete(keyOf(namespace, name));
    this.index(kind, previous, undefined);
    const last = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.current) } };
    this.publish({ type: 'DELETED', kind, object: last, previous, version: this.current });
  }

  /** Objects that name `uid` as an owner. */
  dependentsOf(uid: string): StoredRef[] {
    return [...(this.dependents.get(uid)?.values() ?? [])];
  }

  /** Changes after `version`. Throws EXPIRED when the window no longer reaches back that far. */
  changesSince(version: number): Change[] {
    if (version < this.compacted) throw expired(version, this.compacted);
    return this.window.filter((change) => change.version > version);
  }

  subscribe(listener: ChangeListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Forgets every kept change, as a compaction of etcd does. */
  compact(): void {
    this.compacted = this.current;
    this.window = [];
  }

  private publish(change: Change): void {
    this.window.push(change);
    if (this.window.length >= 2 * this.kept) {
      this.compacted = this.window.at(-this.kept - 1)?.version ?? this.compacted;
      this.window = this.window.slice(-this.kept);
    }
    for (const listener of [...this.listeners]) listener(change);
  }

  private mapOf(kind: KindDefinition): Map<string, KubernetesObject> {
    const name = storeName(kind);
    const known = this.objects.get(name);
    if (known !== undefined) return known;
    const created = new Map<string, KubernetesObject>();
    this.objects.set(name, created);
    return created;
  }

  private index(
    kind: KindDefinition,
    previous: KubernetesObject | undefined,
    next: KubernetesObject | undefined,
  ): void {
    const { namespace = '', name } = (next ?? previous)?.metadata ?? { name: '' };
    const key = `${resourceName(kind)}/${namespace}/${name}`;
    for (const { uid } of previous?.metadata.ownerReferences ?? []) {
      const of = this.dependents.get(uid);
      of?.delete(key);
      if (of?.size === 0) this.dependents.delete(uid);
    }
    for (const { uid } of next?.metadata.ownerReferences ?? []) {
      const of = this.dependents.get(uid) ?? new Map<string, StoredRef>();
      this.dependents.set(uid, of.set(key, { kind, namespace, name }));
    }
  }
}

/** Where a kind's objects are kept: a kind with a twin has none of its own. */
export function storeName(kind: KindDefinition): string {
  return resourceName(kind.twin?.of ?? kind);
}

/** A stored object as a served version of its kind tells it: but for a twin, versions differ by name only. */
export function inVersionOf(kind: KindDefinition, object: KubernetesObject): KubernetesObject {
  if (kind.twin !== undefined) return kind.twin.fromStored(object);
  const apiVersion = apiVersionOf(kind);
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}

/** Where an object is stored. */
export interface StoredRef {
  kind: KindDefinition;
  namespace: string;
  name: string;
}

export function refOf(kind: KindDefinition, { metadata: { namespace = '', name } }: KubernetesObject): StoredRef {
  return { kind, namespace, name };
}

function sorted(objects: ReadonlyMap<string, KubernetesObject>, namespace: string): KubernetesObject[] {
  const keys = [...objects.keys()].filter((key) => namespace === '' || key.startsWith(`${namespace}/`)).sort();
  return keys.flatMap((key) => objects.get(key) ?? []);
}

function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

function expired(version: number, oldest: number): FleetError {
  return new FleetError('gone', 'EXPIRED', `too old resource version: ${version} (${oldest})`);
}
