import { jsonEqual } from '../../kernel/json.js';
import { controllerOf, type KubernetesObject } from '../../kernel/object.js';
import { refOf, type Change, type StoredRef } from '../cluster-store.js';
import { list, record, type Fields } from '../fill-in.js';
import type { KindDefinition } from '../kind.js';
import type { ControllerParts } from './controller-parts.js';
import { replicasOf } from './deployment-rollout.js';
import { CONTROLLER_MANAGER, controlledBy, controllerReference, Orphans } from './owned-objects.js';

/** Keeps as many pods as each ReplicaSet asks for, and counts them. */
export class ReplicaSets {
  private readonly kind: KindDefinition;
  private readonly podKind: KindDefinition;
  private readonly orphans: Orphans;

  constructor(private readonly parts: ControllerParts) {
    this.kind = parts.registry.require('apps/v1', 'ReplicaSet');
    this.podKind = parts.registry.require('v1', 'Pod');
    this.orphans = new Orphans(parts, this.podKind);
  }

  onChange(change: Change): void {
    const { kind, object, type } = change;
    this.orphans.onChange(change);
    if (kind === this.kind && type !== 'DELETED') this.lookSoon(refOf(kind, object));
    const owner = kind === this.podKind ? controllerOf(object.metadata) : undefined;
    if (owner?.kind !== 'ReplicaSet') return;
    this.lookSoon({ kind: this.kind, namespace: object.metadata.namespace ?? '', name: owner.name });
  }

  private lookSoon(ref: StoredRef): void {
    this.parts.queue.soon(`replicate ${ref.namespace}/${ref.name}`, () => this.look(ref));
  }

  private look(ref: StoredRef): void {
    const found = (): KubernetesObject | undefined => this.parts.store.get(this.kind, ref.namespace, ref.name);
    const set = found();
    if (set === undefined) return;
    if (set.metadata.deletionTimestamp === undefined) this.replicate(ref, set);
    const now = found();
    if (now !== undefined) this.writeStatus(ref, now);
  }

  private replicate(ref: StoredRef, set: KubernetesObject): void {
    const wanted = replicasOf(set);
    if (this.podsOf(set).length < wanted) this.orphans.adoptBy(set);
    const pods = this.podsOf(set);
    for (let missing = wanted - pods.length; missing > 0; missing--) this.createPod(ref, set);
    const spare = [...pods].sort((left, right) => Number(isReady(left)) - Number(isReady(right)));
    for (const pod of spare.slice(0, Math.max(0, pods.length - wanted))) {
      this.parts.deleter.delete(refOf(this.podKind, pod), {});
    }
  }

  /** Pods that still run or will. */
  private podsOf(set: KubernetesObject): KubernetesObject[] {
    const ended = ['Succeeded', 'Failed'];
    return controlledBy(this.parts, set, 'Pod').filter(({ metadata, status }) => {
      return metadata.deletionTimestamp === undefined && !ended.includes(String(record(status).phase));
    });
  }

  private createPod({ namespace }: StoredRef, set: KubernetesObject): void {
    const { metadata, spec } = record(record(set.spec).template);
    const { labels, annotations } = record(metadata);
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: '',
        generateName: `${set.metadata.name}-`,
        namespace,
        ...(labels === undefined ? {} : { labels: labels as Record<string, string> }),
        ...(annotations === undefined ? {} : { annotations: annotations as Record<string, string> }),
        ownerReferences: [controllerReference(set)],
      },
      spec,
    };
    this.parts.writer.create({ kind: this.podKind, namespace, name: '' }, pod, { manager: CONTROLLER_MANAGER });
  }

  private writeStatus(ref: StoredRef, set: KubernetesObject): void {
    const pods = this.podsOf(set);
    const ready = pods.filter(isReady).length;
    const counts: Fields = pods.length === 0 ? {} : { fullyLabeledReplicas: pods.length };
    const status = {
      replicas: pods.length,
      ...counts,
      ...(ready === 0 ? {} : { readyReplicas: ready, availableReplicas: ready }),
      observedGeneration: set.metadata.generation,
    };
    if (jsonEqual(status, set.status)) return;
    const change = (live: KubernetesObject): KubernetesObject => ({ ...live, status });
    this.parts.writer.modify(ref, change, { manager: CONTROLLER_MANAGER, subresource: 'status' });
  }
}

export function isReady({ status }: KubernetesObject): boolean {
  return list(record(status).conditions)
    .map(record)
    .some((condition) => condition.type === 'Ready' && condition.status === 'True');
}
