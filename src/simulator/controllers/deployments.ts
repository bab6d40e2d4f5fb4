import { rfc3339 } from '../../kernel/clock.js';
import { jsonEqual } from '../../kernel/json.js';
import { controllerOf, type KubernetesObject } from '../../kernel/object.js';
import { refOf, type Change, type StoredRef } from '../cluster-store.js';
import { record } from '../fill-in.js';
import type { KindDefinition } from '../kind.js';
import type { ControllerParts } from './controller-parts.js';
import {
  currentRevision,
  newSet,
  replicasOf,
  REVISION,
  revisionOf,
  rolloutOf,
  scalesOf,
  setAnnotations,
  type Rollout,
} from './deployment-rollout.js';
import { deadlineMs, deploymentStatus, isProgressing } from './deployment-status.js';
import { CONTROLLER_MANAGER, controlledBy, Orphans } from './owned-objects.js';

/** Rolls Deployments out through ReplicaSets, one step at a time: each change of either is looked at anew. */
export class Deployments {
  private readonly kind: KindDefinition;
  private readonly setKind: KindDefinition;
  private readonly orphans: Orphans;

  constructor(private readonly parts: ControllerParts) {
    this.kind = parts.registry.require('apps/v1', 'Deployment');
    this.setKind = parts.registry.require('apps/v1', 'ReplicaSet');
    this.orphans = new Orphans(parts, this.setKind);
  }

  onChange(change: Change): void {
    const { kind, object, type } = change;
    this.orphans.onChange(change);
    if (kind === this.kind && type !== 'DELETED') this.lookSoon(refOf(kind, object));
    const owner = kind === this.setKind ? controllerOf(object.metadata) : undefined;
    if (owner?.kind !== 'Deployment') return;
    this.lookSoon({ kind: this.kind, namespace: object.metadata.namespace ?? '', name: owner.name });
  }

  private lookSoon(ref: StoredRef): void {
    this.parts.queue.soon(`roll out ${ref.namespace}/${ref.name}`, () => this.look(ref));
  }

  private look(ref: StoredRef): void {
    const { store } = this.parts;
    const found = (): KubernetesObject | undefined => store.get(this.kind, ref.namespace, ref.name);
    const deployment = found();
    if (deployment === undefined || deployment.metadata.deletionTimestamp !== undefined) return;
    this.provideSet(ref, deployment);
    const rollout = this.rolloutOf(deployment);
    this.scale(deployment, scalesOf(deployment, rollout), rollout);
    this.writeStatus(ref, deployment, this.rolloutOf(deployment));
    this.cleanUp(deployment, rollout);
  }

  private rolloutOf(deployment: KubernetesObject): Rollout {
    return rolloutOf(deployment, controlledBy(this.parts, deployment, 'ReplicaSet'));
  }

  /** Sees to it that there is a ReplicaSet of the present template, with the Deployment's annotations. */
  private provideSet(ref: StoredRef, deployment: KubernetesObject): void {
    if (this.rolloutOf(deployment).current === undefined) this.orphans.adoptBy(deployment);
    const rollout = this.rolloutOf(deployment);
    const revision = currentRevision(rollout);
    if (rollout.current === undefined) return this.createSet(ref, deployment, newSet(deployment, revision));
    const annotations = setAnnotations(deployment, revision);
    if (jsonEqual(annotations, rollout.current.metadata.annotations)) return;
    this.edit(rollout.current, (set) => ({ ...set, metadata: { ...set.metadata, annotations } }));
  }

  /** With as many replicas as the first step of the roll-out allows. */
  private createSet({ namespace }: StoredRef, deployment: KubernetesObject, fresh: KubernetesObject): void {
    const { name } = fresh.metadata;
    if (record(deployment.spec).paused === true) return;
    if (this.parts.store.get(this.setKind, namespace, name) !== undefined) return;
    const { others } = this.rolloutOf(deployment);
    const replicas = scalesOf(deployment, { current: fresh, others }).get(name) ?? 0;
    const wanted = { ...fresh, spec: { ...record(fresh.spec), replicas } };
    this.parts.writer.create({ kind: this.setKind, namespace, name }, wanted, { manager: CONTROLLER_MANAGER });
    this.tellScale(deployment, name, [0, replicas]);
  }

  private scale(deployment: KubernetesObject, scales: ReadonlyMap<string, number>, { current, others }: Rollout): void {
    for (const set of [...others, ...(current === undefined ? [] : [current])]) {
      const replicas = scales.get(set.metadata.name);
      if (replicas === undefined || replicas === replicasOf(set)) continue;
      this.edit(set, (found) => ({ ...found, spec: { ...record(found.spec), replicas } }));
      this.tellScale(deployment, set.metadata.name, [replicasOf(set), replicas]);
    }
  }

  private tellScale(about: KubernetesObject, name: string, [before, after]: readonly [number, number]): void {
    if (before === after) return;
    const message = `Scaled ${after < before ? 'down' : 'up'} replica set ${name} from ${before} to ${after}`;
    this.parts.events.record({ about, reason: 'ScalingReplicaSet', message, component: 'deployment-controller' });
  }

  private edit(set: KubernetesObject, change: (set: KubernetesObject) => KubernetesObject): void {
    this.parts.writer.modify(refOf(this.setKind, set), change, { manager: CONTROLLER_MANAGER });
  }

  /** The revision annotation goes with the status, as the real controller writes it. */
  private writeStatus(ref: StoredRef, deployment: KubernetesObject, rollout: Rollout): void {
    const status = deploymentStatus(deployment, rollout, rfc3339(this.parts.clock.now()));
    const revision = rollout.current === undefined ? undefined : String(revisionOf(rollout.current));
    const annotations = {
      ...deployment.metadata.annotations,
      ...(revision === undefined ? {} : { [REVISION]: revision }),
    };
    const isSame = jsonEqual(status, deployment.status) && deployment.metadata.annotations?.[REVISION] === revision;
    if (!isSame) {
      const change = (live: KubernetesObject): KubernetesObject => ({
        ...live,
        metadata: { ...live.metadata, annotations },
        status,
      });
      this.parts.writer.modify(ref, change, { manager: CONTROLLER_MANAGER, subresource: 'status' });
    }
    if (!isProgressing(status)) return;
    const key = `deadline ${ref.namespace}/${ref.name} ${deployment.metadata.generation}`;
    this.parts.queue.later(key, deadlineMs(deployment), () => this.lookSoon(ref));
  }

  private cleanUp(deployment: KubernetesObject, { others }: Rollout): void {
    const limit = Number(record(deployment.spec).revisionHistoryLimit ?? 10);
    const idle = others.filter((set) => replicasOf(set) === 0 && Number(record(set.status).replicas ?? 0) === 0);
    const oldest = idle.sort((left, right) => revisionOf(left) - revisionOf(right));
    for (const set of oldest.slice(0, Math.max(0, idle.length - limit))) {
      if (set.metadata.deletionTimestamp === undefined) this.parts.deleter.delete(refOf(this.setKind, set), {});
    }
  }
}
