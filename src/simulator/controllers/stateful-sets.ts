import type { KubernetesObject } from '../../kernel/object.js';
import type { Change, StoredRef } from '../cluster-store.js';
import { record, type Fields } from '../fill-in.js';
import type { KindDefinition } from '../kind.js';
import type { ControllerParts } from './controller-parts.js';
import { replicasOf } from './deployment-rollout.js';
import { CONTROLLER_MANAGER } from './owned-objects.js';
import { hasEnded, isEnding, isReady, OwnedPods } from './owned-pods.js';
import { Revisions } from './revisions.js';
import { claimsOf, identityLabels, ordinalOf, ownTemplate, REVISION_HASH } from './stateful-pods.js';

interface Ordinals {
  first: number;
  /** One beyond the last. */
  end: number;
  /** The first that a rolling update may replace. */
  updateFrom: number;
  isOrdered: boolean;
}

interface Templates {
  current: string;
  update: string;
}

/** Runs StatefulSets: pods with numbers, one after the other, replaced from the last down to the partition. */
export class StatefulSets {
  private readonly pods: OwnedPods;
  private readonly revisions: Revisions;
  private readonly claimKind: KindDefinition;

  constructor(private readonly parts: ControllerParts) {
    this.pods = new OwnedPods(parts, parts.registry.require('apps/v1', 'StatefulSet'), 'statefulset-controller');
    this.revisions = new Revisions(parts, 'controller.kubernetes.io/hash');
    this.claimKind = parts.registry.require('v1', 'PersistentVolumeClaim');
  }

  onChange(change: Change): void {
    this.revisions.onChange(change);
    const ref = this.pods.concerned(change);
    if (ref === undefined) return;
    this.parts.queue.soon(`number ${ref.namespace}/${ref.name}`, () => this.look(ref));
  }

  private look(ref: StoredRef): void {
    const set = this.parts.store.get(ref.kind, ref.namespace, ref.name);
    if (set === undefined || isEnding(set)) return;
    this.pods.adoptBy(set);
    const update = this.revisions.current(set).metadata.name;
    const { currentRevision = update } = record(set.status);
    const templates = { current: String(currentRevision), update };
    this.step(set, templates);
    const live = this.parts.store.get(ref.kind, ref.namespace, ref.name);
    if (live !== undefined) this.pods.writeStatus(live, this.statusOf(live, templates));
    const used = this.pods.of(set).map(({ metadata }) => metadata.labels?.[REVISION_HASH] ?? '');
    this.revisions.cleanUp(set, new Set([...used, templates.current, update]));
  }

  /** What may be done now: further steps follow when pods have come, become ready or gone. */
  private step(set: KubernetesObject, templates: Templates): void {
    const ordinals = ordinalsOf(set);
    if (!this.provide(set, ordinals, templates)) return;
    if (!this.condemn(set, ordinals)) return;
    const { type = 'RollingUpdate' } = record(record(set.spec).updateStrategy);
    if (type === 'RollingUpdate') this.update(set, ordinals, templates.update);
  }

  /** Sees to it that every ordinal has its pod. Answers whether one may go on. */
  private provide(set: KubernetesObject, ordinals: Ordinals, templates: Templates): boolean {
    const known = this.byOrdinal(set);
    for (let ordinal = ordinals.first; ordinal < ordinals.end; ordinal++) {
      const pod = known.get(ordinal);
      if (pod === undefined) this.createPod(set, ordinal, this.revisionFor(set, ordinal, templates));
      else if (hasEnded(pod) && !isEnding(pod)) this.deletePod(set, pod);
      const isHealthy = pod !== undefined && isReady(pod) && !isEnding(pod);
      if (ordinals.isOrdered && !isHealthy) return false;
    }
    return true;
  }

  /** Takes pods beyond the wanted ones down, the last first. Answers whether there are none. */
  private condemn(set: KubernetesObject, { first, end, isOrdered }: Ordinals): boolean {
    const beyond = [...this.byOrdinal(set)].filter(([ordinal]) => ordinal < first || ordinal >= end);
    for (const [, pod] of beyond.sort(([left], [right]) => right - left)) {
      if (!isEnding(pod)) this.deletePod(set, pod);
      if (isOrdered) return false;
    }
    return beyond.length === 0;
  }

  private update(set: KubernetesObject, { end, updateFrom }: Ordinals, revision: string): void {
    const known = this.byOrdinal(set);
    for (let ordinal = end - 1; ordinal >= updateFrom; ordinal--) {
      const pod = known.get(ordinal);
      if (pod === undefined || isEnding(pod)) return;
      if (pod.metadata.labels?.[REVISION_HASH] !== revision) return this.deletePod(set, pod);
      if (!isReady(pod)) return;
    }
  }

  /** A pod below the partition comes back as it was. */
  private revisionFor(set: KubernetesObject, ordinal: number, { current, update }: Templates): string {
    const { type, rollingUpdate } = record(record(set.spec).updateStrategy);
    if (current === update || type === 'OnDelete') return update;
    const { first, updateFrom } = ordinalsOf(set);
    const isPartitioned = Number(record(rollingUpdate).partition ?? 0) > 0;
    const kept = isPartitioned ? updateFrom : first + Number(record(set.status).currentReplicas ?? 0);
    return ordinal < kept ? current : update;
  }

  private createPod(set: KubernetesObject, ordinal: number, revision: string): void {
    const name = `${set.metadata.name}-${ordinal}`;
    const template = this.revisions.template(set, revision) ?? record(set.spec).template;
    for (const claim of claimsOf(set, name)) this.provideClaim(set, name, claim);
    this.pods.create(set, ownTemplate(set, template, name), { name, labels: identityLabels(name, ordinal, revision) });
    this.pods.tell(set, 'SuccessfulCreate', `Create Pod ${name} in StatefulSet ${set.metadata.name} successful`);
  }

  private provideClaim(set: KubernetesObject, podName: string, claim: KubernetesObject): void {
    const { namespace = '', name } = claim.metadata;
    if (this.parts.store.get(this.claimKind, namespace, name) !== undefined) return;
    this.parts.writer.create({ kind: this.claimKind, namespace, name }, claim, { manager: CONTROLLER_MANAGER });
    const message = `Create Claim ${name} Pod ${podName} in StatefulSet ${set.metadata.name} success`;
    this.pods.tell(set, 'SuccessfulCreate', message);
  }

  private deletePod(set: KubernetesObject, pod: KubernetesObject): void {
    const message = `Delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`;
    this.pods.drop(set, pod, message);
  }

  private byOrdinal(set: KubernetesObject): Map<number, KubernetesObject> {
    const numbered = this.pods.of(set).map((pod) => [ordinalOf(set, pod), pod] as const);
    return new Map(numbered.filter(([ordinal]) => ordinal >= 0));
  }

  private statusOf(set: KubernetesObject, { current, update }: Templates): Fields {
    const pods = [...this.byOrdinal(set).values()];
    const ready = pods.filter(isReady).length;
    const ofRevision = (name: string): number =>
      pods.filter((pod) => !isEnding(pod) && pod.metadata.labels?.[REVISION_HASH] === name).length;
    const updated = ofRevision(update);
    const { type = 'RollingUpdate' } = record(record(set.spec).updateStrategy);
    const isDone = type === 'RollingUpdate' && updated === pods.length && ready === pods.length;
    const currentReplicas = isDone ? updated : ofRevision(current);
    return {
      observedGeneration: set.metadata.generation,
      replicas: pods.length,
      ...(ready === 0 ? {} : { readyReplicas: ready }),
      ...(currentReplicas === 0 ? {} : { currentReplicas }),
      ...(updated === 0 ? {} : { updatedReplicas: updated }),
      currentRevision: isDone ? update : current,
      updateRevision: update,
      collisionCount: 0,
      availableReplicas: ready,
    };
  }
}

function ordinalsOf(set: KubernetesObject): Ordinals {
  const { ordinals, updateStrategy, podManagementPolicy } = record(set.spec);
  const first = Number(record(ordinals).start ?? 0);
  const partition = Number(record(record(updateStrategy).rollingUpdate).partition ?? 0);
  return {
    first,
    end: first + replicasOf(set),
    updateFrom: first + partition,
    isOrdered: podManagementPolicy !== 'Parallel',
  };
}
