import { digestJson } from '../../kernel/digest.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { refOf, type Change, type StoredRef } from '../cluster-store.js';
import { record } from '../fill-in.js';
import type { KindDefinition } from '../kind.js';
import type { ControllerParts } from './controller-parts.js';

/** Plays the scheduler and the end of a kubelet's work: binds pods to nodes, and lets go of those that have stopped. */
export class Pods {
  private readonly kind: KindDefinition;

  constructor(private readonly parts: ControllerParts) {
    this.kind = parts.registry.require('v1', 'Pod');
  }

  onChange({ type, kind, object }: Change): void {
    if (kind !== this.kind || type === 'DELETED') return;
    const ref = refOf(kind, object);
    if (object.metadata.deletionTimestamp !== undefined) this.stopLater(ref, object);
    else if (record(object.spec).nodeName === undefined) {
      this.parts.queue.soon(`bind ${ref.namespace}/${ref.name}`, () => this.bind(ref));
    }
  }

  private bind(ref: StoredRef): void {
    const live = this.live(ref);
    if (live === undefined || live.metadata.deletionTimestamp !== undefined) return;
    const nodeName = nodeOf(live, this.parts.nodes);
    const change = (pod: KubernetesObject): KubernetesObject => ({ ...pod, spec: { ...record(pod.spec), nodeName } });
    this.parts.writer.modify(ref, change, { manager: 'kube-scheduler' });
  }

  /** Containers end well within their grace period. */
  private stopLater(ref: StoredRef, { metadata }: KubernetesObject): void {
    const { uid, deletionGracePeriodSeconds = 0 } = metadata;
    if (deletionGracePeriodSeconds === 0) return;
    const afterMs = Math.min(this.parts.readyAfterMs, deletionGracePeriodSeconds * 1_000);
    this.parts.queue.later(`stop ${uid}`, afterMs, () => {
      if (this.live(ref)?.metadata.uid === uid) this.parts.deleter.delete(ref, { gracePeriodSeconds: 0 });
    });
  }

  private live({ namespace, name }: StoredRef): KubernetesObject | undefined {
    return this.parts.store.get(this.kind, namespace, name);
  }
}

/** A node that only the pod's name decides, so that runs repeat. */
function nodeOf({ metadata: { namespace = '', name } }: KubernetesObject, nodes: number): string {
  const number = Number.parseInt(digestJson(['node', namespace, name]).slice(-6), 16);
  return `node-${1 + (number % Math.max(1, nodes))}`;
}
