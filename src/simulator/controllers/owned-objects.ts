import { matchesSelector, type LabelSelector } from '../../kernel/label-selector.js';
import { controllerOf, type KubernetesObject } from '../../kernel/object.js';
import { record } from '../fill-in.js';
import { refOf, type Change, type StoredRef } from '../cluster-store.js';
import type { KindDefinition } from '../kind.js';
import type { ControllerParts } from './controller-parts.js';

type Parts = Pick<ControllerParts, 'store' | 'writer'>;

/** Live objects of a kind that `owner` controls, in the order of their names; those being deleted are among them. */
export function controlledBy({ store }: Parts, owner: KubernetesObject, kindName: string): KubernetesObject[] {
  const uid = owner.metadata.uid ?? '';
  return store
    .dependentsOf(uid)
    .filter(({ kind }) => kind.kind === kindName)
    .flatMap(({ kind, namespace, name }) => store.get(kind, namespace, name) ?? [])
    .filter(({ metadata }) => controllerOf(metadata)?.uid === uid)
    .sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1));
}

/** The objects of a kind that nobody controls, for owners that may take them over, as after a delete that orphaned them. */
export class Orphans {
  private readonly refs = new Map<string, StoredRef>();

  constructor(
    private readonly parts: Parts,
    private readonly kind: KindDefinition,
  ) {}

  onChange({ type, kind, object }: Change): void {
    if (kind !== this.kind) return;
    const { uid = '' } = object.metadata;
    if (type === 'DELETED' || controllerOf(object.metadata) !== undefined) this.refs.delete(uid);
    else this.refs.set(uid, refOf(kind, object));
  }

  /** Makes `owner` the controller of those in its namespace that its selector picks. */
  adoptBy(owner: KubernetesObject): void {
    const selector = record(record(owner.spec).selector) as LabelSelector;
    for (const ref of [...this.refs.values()]) {
      const found = this.parts.store.get(ref.kind, ref.namespace, ref.name);
      if (found === undefined || ref.namespace !== owner.metadata.namespace) continue;
      if (found.metadata.deletionTimestamp !== undefined) continue;
      if (matchesSelector(selector, found.metadata.labels ?? {})) this.adopt(ref, owner);
    }
  }

  private adopt(ref: StoredRef, owner: KubernetesObject): void {
    const change = (live: KubernetesObject): KubernetesObject => {
      const ownerReferences = [...(live.metadata.ownerReferences ?? []), controllerReference(owner)];
      return { ...live, metadata: { ...live.metadata, ownerReferences } };
    };
    this.parts.writer.modify(ref, change, { manager: CONTROLLER_MANAGER });
  }
}

export const CONTROLLER_MANAGER = 'kube-controller-manager';

/** The reference by which what an owner made is known to be its own. */
export function controllerReference({ apiVersion, kind, metadata }: KubernetesObject) {
  const { name, uid = '' } = metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}
