import type { KubernetesObject } from '../../kernel/object.js';
import { refOf, type Change, type StoredRef } from '../cluster-store.js';
import { record, type Fields } from '../fill-in.js';
import type { KindDefinition } from '../kind.js';
import { TEMPLATE_GENERATION } from '../server-choices.js';
import type { ControllerParts } from './controller-parts.js';
import { nodeOf, runsOn, templateFor } from './daemon-pods.js';
import { shareOf } from './deployment-rollout.js';
import { hasEnded, isEnding, isReady, OwnedPods } from './owned-pods.js';
import { Revisions } from './revisions.js';
import { REVISION_HASH } from './stateful-pods.js';

/** Pods by their node; what is on its way out, or has ended, does not count. */
interface Placement {
  wanted: readonly string[];
  byNode: ReadonlyMap<string, readonly KubernetesObject[]>;
}

/** Runs DaemonSets: a pod on each node that fits, replaced node by node. */
export class DaemonSets {
  private readonly pods: OwnedPods;
  private readonly revisions: Revisions;
  private readonly nodeKind: KindDefinition;

  constructor(private readonly parts: ControllerParts) {
    this.pods = new OwnedPods(parts, parts.registry.require('apps/v1', 'DaemonSet'), 'daemonset-controller');
    this.revisions = new Revisions(parts, REVISION_HASH);
    this.nodeKind = parts.registry.require('v1', 'Node');
  }

  onChange(change: Change): void {
    this.revisions.onChange(change);
    if (change.kind === this.nodeKind) this.lookAtAll();
    const ref = this.pods.concerned(change);
    if (ref !== undefined) this.lookSoon(ref);
  }

  private lookAtAll(): void {
    for (const set of this.parts.store.list(this.pods.ownerKind)) this.lookSoon(refOf(this.pods.ownerKind, set));
  }

  private lookSoon(ref: StoredRef): void {
    this.parts.queue.soon(`place ${ref.namespace}/${ref.name}`, () => this.look(ref));
  }

  private look(ref: StoredRef): void {
    const set = this.parts.store.get(ref.kind, ref.namespace, ref.name);
    if (set === undefined || isEnding(set)) return;
    this.pods.adoptBy(set);
    const hash = this.revisions.current(set).metadata.labels?.[REVISION_HASH] ?? '';
    this.provide(set, hash);
    const { type = 'RollingUpdate' } = record(record(set.spec).updateStrategy);
    if (type === 'RollingUpdate') this.update(set, hash);
    const live = this.parts.store.get(ref.kind, ref.namespace, ref.name);
    if (live !== undefined) this.pods.writeStatus(live, this.statusOf(live, hash));
    this.revisions.cleanUp(set, this.usedRevisions(set));
  }

  /** A pod where there is to be one, none elsewhere. */
  private provide(set: KubernetesObject, hash: string): void {
    for (const pod of this.pods.of(set).filter((known) => hasEnded(known) && !isEnding(known)))
      this.pods.drop(set, pod);
    const { wanted, byNode } = this.placementOf(set);
    for (const node of wanted.filter((name) => !byNode.has(name))) this.addPod(set, node, hash);
    for (const [node, pods] of byNode) {
      if (!wanted.includes(node)) for (const pod of pods) this.pods.drop(set, pod);
    }
  }

  /** Replaces old pods: those that do not work at once, the others as far as the strategy lets pods be missing. */
  private update(set: KubernetesObject, hash: string): void {
    const { wanted, byNode } = this.placementOf(set);
    const { rollingUpdate } = record(record(set.spec).updateStrategy);
    const { maxSurge, maxUnavailable } = record(rollingUpdate);
    const surge = Math.ceil(shareOf(maxSurge ?? 0, wanted.length));
    const most = Math.max(surge > 0 ? 0 : 1, Math.ceil(shareOf(maxUnavailable ?? 1, wanted.length)));
    if (surge > 0) return this.surge(set, { hash, room: surge });
    const isServed = (node: string): boolean => (byNode.get(node) ?? []).some(isReady);
    let room = most - wanted.filter((node) => !isServed(node)).length;
    for (const node of wanted) {
      const old = (byNode.get(node) ?? []).filter((pod) => isOld(pod, hash));
      const isReplaceable = old.length > 0 && (!isServed(node) || room > 0);
      if (!isReplaceable) continue;
      if (isServed(node)) room--;
      for (const pod of old) this.pods.drop(set, pod);
    }
  }

  /** The new pod comes beside the old, which goes when the new one works. */
  private surge(set: KubernetesObject, { hash, room }: { hash: string; room: number }): void {
    const { wanted, byNode } = this.placementOf(set);
    const of = (node: string): readonly KubernetesObject[] => byNode.get(node) ?? [];
    let left = room - wanted.filter((node) => of(node).length > 1).length;
    for (const node of wanted) {
      const old = of(node).filter((pod) => isOld(pod, hash));
      const fresh = of(node).filter((pod) => !isOld(pod, hash));
      if (old.length === 0) continue;
      if (fresh.some(isReady)) for (const pod of old) this.pods.drop(set, pod);
      else if (fresh.length === 0 && left-- > 0) this.addPod(set, node, hash);
    }
  }

  private addPod(set: KubernetesObject, node: string, hash: string): void {
    const generation = set.metadata.annotations?.[TEMPLATE_GENERATION] ?? '1';
    const labels = { [REVISION_HASH]: hash, 'pod-template-generation': generation };
    this.pods.add(set, templateFor(record(set.spec).template, node), { labels });
  }

  private placementOf(set: KubernetesObject): Placement {
    const nodes = this.parts.store.list(this.nodeKind).filter((node) => runsOn(set, node));
    const byNode = new Map<string, KubernetesObject[]>();
    for (const pod of this.pods.of(set)) {
      if (isEnding(pod) || hasEnded(pod)) continue;
      const node = nodeOf(pod);
      byNode.set(node, [...(byNode.get(node) ?? []), pod]);
    }
    return { wanted: nodes.map(({ metadata }) => metadata.name), byNode };
  }

  private usedRevisions(set: KubernetesObject): Set<string> {
    const hashes = this.pods.of(set).map(({ metadata }) => metadata.labels?.[REVISION_HASH] ?? '');
    const current = this.revisions.current(set).metadata.name;
    return new Set([...hashes.map((hash) => `${set.metadata.name}-${hash}`), current]);
  }

  private statusOf(set: KubernetesObject, hash: string): Fields {
    const { wanted, byNode } = this.placementOf(set);
    const running = wanted.flatMap((node) => oldest(byNode.get(node) ?? [], hash));
    const ready = running.filter(isReady).length;
    const updated = running.filter((pod) => !isOld(pod, hash)).length;
    const desired = wanted.length;
    return {
      currentNumberScheduled: running.length,
      numberMisscheduled: [...byNode.keys()].filter((node) => !wanted.includes(node)).length,
      desiredNumberScheduled: desired,
      numberReady: ready,
      observedGeneration: set.metadata.generation,
      ...(updated === 0 ? {} : { updatedNumberScheduled: updated }),
      ...(ready === 0 ? {} : { numberAvailable: ready }),
      ...(ready === desired ? {} : { numberUnavailable: desired - ready }),
    };
  }
}

/** A node is told by its first pod, also while a second one comes. */
function oldest(pods: readonly KubernetesObject[], hash: string): KubernetesObject[] {
  const age = ({ metadata }: KubernetesObject): string => metadata.creationTimestamp ?? '';
  const rank = (pod: KubernetesObject): string => `${age(pod)} ${isOld(pod, hash) ? 0 : 1}`;
  return [...pods].sort((left, right) => (rank(left) < rank(right) ? -1 : 1)).slice(0, 1);
}

const isOld = ({ metadata }: KubernetesObject, hash: string): boolean => metadata.labels?.[REVISION_HASH] !== hash;
