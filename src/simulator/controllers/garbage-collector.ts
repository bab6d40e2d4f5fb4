import type { KubernetesObject, ObjectMeta, OwnerReference } from '../../kernel/object.js';
import { resourceName, type KindDefinition } from '../kind.js';
import { CRD_CLEANUP, FOREGROUND, ORPHAN } from '../object-deleter.js';
import { refOf, type Change, type StoredRef } from '../cluster-store.js';
import type { ControllerParts } from './controller-parts.js';

const MANAGER = 'kube-controller-manager';
const PROTECTION: readonly string[] = ['kubernetes.io/pvc-protection', 'kubernetes.io/pv-protection'];

/**
 * Carries out deletions: dependents of owners that are gone, foreground and orphan policies, the content of
 * namespaces that are being terminated, the instances of definitions that are.
 */
export class GarbageCollector {
  constructor(private readonly parts: ControllerParts) {}

  onChange({ type, kind, object }: Change): void {
    const { metadata } = object;
    if (type === 'DELETED') this.onGone(kind, object);
    else if (metadata.deletionTimestamp !== undefined) this.finishSoon(refOf(kind, object));
    else if (type === 'ADDED' && metadata.ownerReferences?.length) this.collectSoon(refOf(kind, object));
  }

  private onGone(kind: KindDefinition, object: KubernetesObject): void {
    for (const dependent of this.parts.store.dependentsOf(object.metadata.uid ?? '')) this.collectSoon(dependent);
    for (const reference of object.metadata.ownerReferences ?? []) this.recheck(this.ownerOf(reference, object));
    if (kind.namespaced) this.recheck(this.at('v1', 'Namespace', '', object.metadata.namespace ?? ''));
    const definition = `${kind.plural}.${kind.group}`;
    this.recheck(this.at('apiextensions.k8s.io/v1', 'CustomResourceDefinition', '', definition));
  }

  /** Looks again at an object whose deletion may have waited for the one that just went. */
  private recheck(found: { kind: KindDefinition; object: KubernetesObject } | undefined): void {
    if (found?.object.metadata.deletionTimestamp !== undefined) this.finishSoon(refOf(found.kind, found.object));
  }

  private finishSoon(ref: StoredRef): void {
    this.parts.queue.soon(`finish ${keyOf(ref)}`, () => this.finish(ref));
  }

  private finish(ref: StoredRef): void {
    const live = this.live(ref);
    if (live?.metadata.deletionTimestamp === undefined) return;
    const finalizers = live.metadata.finalizers ?? [];
    if (finalizers.includes(ORPHAN)) this.orphan(ref, live);
    else if (finalizers.some((name) => PROTECTION.includes(name))) this.dropProtection(ref, finalizers);
    else if (finalizers.includes(FOREGROUND)) this.deleteDependentsFirst(ref, live);
    else if (ref.kind.kind === 'Namespace' && ref.kind.group === '') this.emptyNamespace(ref, live);
    else if (finalizers.includes(CRD_CLEANUP)) this.emptyDefinition(ref);
  }

  /** Volumes and claims are never in use here. */
  private dropProtection(ref: StoredRef, finalizers: readonly string[]): void {
    for (const name of finalizers.filter((finalizer) => PROTECTION.includes(finalizer))) this.dropFinalizer(ref, name);
  }

  private emptyNamespace(ref: StoredRef, namespace: KubernetesObject): void {
    const kinds = this.parts.registry.all().filter((served) => served.namespaced);
    const left = this.deleteAll(kinds, ref.name);
    if (left === 0 && (namespace.metadata.finalizers ?? []).length === 0) this.parts.store.remove(ref.kind, namespace);
  }

  private emptyDefinition(ref: StoredRef): void {
    const kinds = this.parts.registry.all().filter((served) => `${served.plural}.${served.group}` === ref.name);
    if (this.deleteAll(kinds, '') === 0) this.dropFinalizer(ref, CRD_CLEANUP);
  }

  /** Answers how many are still there, held by finalizers. */
  private deleteAll(kinds: readonly KindDefinition[], namespace: string): number {
    const { store, deleter } = this.parts;
    for (const kind of kinds) {
      for (const object of store.list(kind, namespace)) {
        if (object.metadata.deletionTimestamp === undefined) deleter.delete(refOf(kind, object), {});
      }
    }
    return kinds.reduce((count, kind) => count + store.list(kind, namespace).length, 0);
  }

  private orphan(ref: StoredRef, owner: KubernetesObject): void {
    const { uid = '' } = owner.metadata;
    for (const dependent of this.parts.store.dependentsOf(uid))
      this.keepOwners(dependent, (owner) => owner.uid !== uid);
    this.dropFinalizer(ref, ORPHAN);
  }

  private deleteDependentsFirst(ref: StoredRef, owner: KubernetesObject): void {
    const { store, deleter } = this.parts;
    const uid = owner.metadata.uid ?? '';
    for (const dependent of store.dependentsOf(uid)) {
      const live = this.live(dependent);
      if (live === undefined || live.metadata.deletionTimestamp !== undefined) continue;
      const hasOwn = store.dependentsOf(live.metadata.uid ?? '').length > 0;
      deleter.delete(dependent, hasOwn ? { propagationPolicy: 'Foreground' } : {});
    }
    const isBlocking = (dependent: StoredRef): boolean =>
      this.live(dependent)?.metadata.ownerReferences?.some((of) => of.uid === uid && of.blockOwnerDeletion === true) ??
      false;
    if (!store.dependentsOf(uid).some(isBlocking)) this.dropFinalizer(ref, FOREGROUND);
  }

  private collectSoon(ref: StoredRef): void {
    this.parts.queue.soon(`collect ${keyOf(ref)}`, () => this.collect(ref));
  }

  /** Deletes an object none of whose owners exists; takes absent owners off one that still has another. */
  private collect(ref: StoredRef): void {
    const live = this.live(ref);
    const owners = live?.metadata.ownerReferences ?? [];
    if (live === undefined || owners.length === 0) return;
    const present = owners.filter((owner) => this.ownerOf(owner, live) !== undefined);
    if (present.length === owners.length) return;
    if (present.length > 0) this.keepOwners(ref, (owner) => present.includes(owner));
    else if (live.metadata.deletionTimestamp === undefined) this.parts.deleter.delete(ref, {});
  }

  private keepOwners(ref: StoredRef, keeps: (owner: OwnerReference) => boolean): void {
    this.editMeta(ref, ({ ownerReferences = [], ...rest }) => {
      const kept = ownerReferences.filter(keeps);
      return kept.length === 0 ? rest : { ...rest, ownerReferences: kept };
    });
  }

  private dropFinalizer(ref: StoredRef, finalizer: string): void {
    this.editMeta(ref, ({ finalizers = [], ...rest }) => {
      const kept = finalizers.filter((name) => name !== finalizer);
      return kept.length === 0 ? rest : { ...rest, finalizers: kept };
    });
  }

  private editMeta(ref: StoredRef, change: (meta: ObjectMeta) => ObjectMeta): void {
    if (this.live(ref) === undefined) return;
    const edit = (live: KubernetesObject): KubernetesObject => ({ ...live, metadata: change(live.metadata) });
    this.parts.writer.modify(ref, edit, { manager: MANAGER });
  }

  private ownerOf(owner: OwnerReference, dependent: KubernetesObject) {
    const found = this.at(owner.apiVersion, owner.kind, dependent.metadata.namespace ?? '', owner.name);
    return found?.object.metadata.uid === owner.uid ? found : undefined;
  }

  private at(apiVersion: string, kindName: string, namespace: string, name: string) {
    const kind = this.parts.registry.byKind(apiVersion, kindName);
    const object = kind && this.parts.store.get(kind, kind.namespaced ? namespace : '', name);
    return kind === undefined || object === undefined ? undefined : { kind, object };
  }

  private live(ref: StoredRef): KubernetesObject | undefined {
    return this.parts.store.get(ref.kind, ref.namespace, ref.name);
  }
}

function keyOf({ kind, namespace, name }: StoredRef): string {
  return `${resourceName(kind)}/${namespace}/${name}`;
}
