import { rfc3339 } from '../../kernel/clock.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { refOf, type Change, type StoredRef } from '../cluster-store.js';
import { podEvents } from '../events/pod-events.js';
import { record } from '../fill-in.js';
import type { KindDefinition } from '../kind.js';
import { nodeFor, unschedulableWords } from '../nodes/scheduling.js';
import type { ControllerParts } from './controller-parts.js';

/** Plays the scheduler and the end of a kubelet's work: binds pods to nodes, and lets go of those that have stopped. */
export class Pods {
  private readonly kind: KindDefinition;
  private readonly nodeKind: KindDefinition;
  /** Pods that no node takes, looked at again when nodes change. */
  private readonly waiting = new Map<string, StoredRef>();

  constructor(private readonly parts: ControllerParts) {
    this.kind = parts.registry.require('v1', 'Pod');
    this.nodeKind = parts.registry.require('v1', 'Node');
  }

  onChange({ type, kind, object, previous }: Change): void {
    if (kind === this.nodeKind) return this.tryAgain();
    if (kind !== this.kind) return;
    this.tell(previous, object);
    if (type === 'DELETED') return void this.waiting.delete(object.metadata.uid ?? '');
    const ref = refOf(kind, object);
    if (object.metadata.deletionTimestamp !== undefined) this.stopLater(ref, object);
    else if (type === 'ADDED' && record(object.spec).nodeName === undefined) this.bindSoon(ref);
  }

  private tryAgain(): void {
    for (const ref of this.waiting.values()) this.bindSoon(ref);
  }

  private bindSoon(ref: StoredRef): void {
    this.parts.queue.soon(`bind ${ref.namespace}/${ref.name}`, () => this.bind(ref));
  }

  private bind(ref: StoredRef): void {
    const live = this.live(ref);
    if (live === undefined || live.metadata.deletionTimestamp !== undefined) return;
    if (record(live.spec).nodeName !== undefined) return;
    const nodes = this.parts.store.list(this.nodeKind);
    const nodeName = nodeFor(live, nodes);
    if (nodeName === undefined) return this.reject(ref, live, unschedulableWords(live, nodes));
    this.waiting.delete(live.metadata.uid ?? '');
    const change = (pod: KubernetesObject): KubernetesObject => ({ ...pod, spec: { ...record(pod.spec), nodeName } });
    const { object } = this.parts.writer.modify(ref, change, { manager: 'kube-scheduler' });
    const message = `Successfully assigned ${ref.namespace}/${ref.name} to ${nodeName}`;
    this.parts.events.record({ about: object, reason: 'Scheduled', message, component: SCHEDULER });
  }

  private reject(ref: StoredRef, pod: KubernetesObject, message: string): void {
    this.waiting.set(pod.metadata.uid ?? '', ref);
    const verdict = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
    const at = rfc3339(this.parts.clock.now());
    const condition = { ...verdict, lastProbeTime: null, lastTransitionTime: at };
    const change = (live: KubernetesObject): KubernetesObject => {
      return { ...live, status: { ...record(live.status), conditions: [condition] } };
    };
    this.parts.writer.modify(ref, change, { manager: 'kube-scheduler', subresource: 'status' });
    this.parts.events.record({
      about: pod,
      type: 'Warning',
      reason: 'FailedScheduling',
      message,
      component: SCHEDULER,
    });
  }

  private tell(before: KubernetesObject | undefined, pod: KubernetesObject): void {
    const told = podEvents(before, pod);
    if (told.length === 0) return;
    const { nodeName } = record(pod.spec);
    const host = typeof nodeName === 'string' ? { host: nodeName } : {};
    const { uid, resourceVersion } = pod.metadata;
    this.parts.queue.soon(`tell ${uid} ${resourceVersion}`, () => {
      for (const occurrence of told)
        this.parts.events.record({ about: pod, component: 'kubelet', ...host, ...occurrence });
    });
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

const SCHEDULER = 'default-scheduler';
