import { matchesSelector, type LabelSelector } from '../../kernel/label-selector.js';
import { controllerOf, type KubernetesObject } from '../../kernel/object.js';
import { record } from '../fill-in.js';
import type { StoredRef } from '../cluster-store.js';
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

/** Takes over objects that nobody controls and the owner's selector picks, as after a delete that orphaned them. */
export function adopt(parts: Parts, owner: StoredRef, kind: KindDefinition): void {
  const { store, writer } = parts;
  const live = store.get(owner.kind, owner.namespace, owner.name);
  if (live === undefined) return;
  const selector = record(record(live.spec).selector) as LabelSelector;
  for (const object of store.list(kind, owner.namespace)) {
    const { metadata } = object;
    if (controllerOf(metadata) !== undefined || metadata.deletionTimestamp !== undefined) continue;
    if (!matchesSelector(selector, metadata.labels ?? {})) continue;
    const ownerReferences = [...(metadata.ownerReferences ?? []), controllerReference(live)];
    const change = (found: KubernetesObject): KubernetesObject => ({
      ...found,
      metadata: { ...found.metadata, ownerReferences },
    });
    writer.modify({ kind, namespace: owner.namespace, name: metadata.name }, change, { manager: CONTROLLER_MANAGER });
  }
}

export const CONTROLLER_MANAGER = 'kube-controller-manager';

/** The reference by which what an owner made is known to be its own. */
export function controllerReference({ apiVersion, kind, metadata }: KubernetesObject) {
  const { name, uid = '' } = metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}
