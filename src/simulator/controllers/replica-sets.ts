import type { KubernetesObject } from '../../kernel/object.js';
import type { Change, StoredRef } from '../cluster-store.js';
import { record, type Fields } from '../fill-in.js';
import type { ControllerParts } from './controller-parts.js';
import { replicasOf } from './deployment-rollout.js';
import { hasEnded, isEnding, isReady, OwnedPods } from './owned-pods.js';

/** Keeps as many pods as each ReplicaSet asks for, and counts them. */
export class ReplicaSets {
  private readonly pods: OwnedPods;

  constructor(private readonly parts: ControllerParts) {
    this.pods = new OwnedPods(parts, parts.registry.require('apps/v1', 'ReplicaSet'), 'replicaset-controller');
  }

  onChange(change: Change): void {
    const ref = this.pods.concerned(change);
    if (ref === undefined) return;
    this.parts.queue.soon(`replicate ${ref.namespace}/${ref.name}`, () => this.look(ref));
  }

  private look(ref: StoredRef): void {
    const found = (): KubernetesObject | undefined => this.parts.store.get(ref.kind, ref.namespace, ref.name);
    const set = found();
    if (set === undefined) return;
    if (!isEnding(set)) this.replicate(set);
    const now = found();
    if (now !== undefined) this.pods.writeStatus(now, this.statusOf(now));
  }

  private replicate(set: KubernetesObject): void {
    const wanted = replicasOf(set);
    if (this.working(set).length < wanted) this.pods.adoptBy(set);
    const pods = this.working(set);
    for (let missing = wanted - pods.length; missing > 0; missing--) this.pods.add(set, record(set.spec).template);
    const spare = [...pods].sort((left, right) => Number(isReady(left)) - Number(isReady(right)));
    for (const pod of spare.slice(0, Math.max(0, pods.length - wanted))) this.pods.drop(set, pod);
  }

  /** Pods that still run or will. */
  private working(set: KubernetesObject): KubernetesObject[] {
    return this.pods.of(set).filter((pod) => !isEnding(pod) && !hasEnded(pod));
  }

  private statusOf(set: KubernetesObject): Fields {
    const pods = this.working(set);
    const ready = pods.filter(isReady).length;
    return {
      replicas: pods.length,
      ...(pods.length === 0 ? {} : { fullyLabeledReplicas: pods.length }),
      ...(ready === 0 ? {} : { readyReplicas: ready, availableReplicas: ready }),
      terminatingReplicas: this.pods.of(set).filter((pod) => isEnding(pod) && !hasEnded(pod)).length,
      observedGeneration: set.metadata.generation,
    };
  }
}
