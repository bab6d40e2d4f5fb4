import { rfc3339 } from '../../kernel/clock.js';
import { jsonEqual } from '../../kernel/json.js';
import { controllerOf, type KubernetesObject } from '../../kernel/object.js';
import { record, type Fields } from '../fill-in.js';
import { resourceName, type KindDefinition } from '../kind.js';
import { refOf, type Change, type StoredRef } from '../cluster-store.js';
import type { ControllerParts } from './controller-parts.js';
import { SECRET_STORE_RULES } from './secret-store-status.js';
import { SERVICE_RULES } from './service-status.js';
import type { StatusContext, StatusRule } from './status-rule.js';
import { WORKLOAD_RULES } from './workload-status.js';

const RULES: Readonly<Record<string, StatusRule>> = { ...WORKLOAD_RULES, ...SERVICE_RULES, ...SECRET_STORE_RULES };
const DEPENDENT_RULES = Object.entries(RULES).filter(([, { after }]) => after !== undefined);
/** Kinds whose own controllers fill their status from pods. */
const THROUGH_PODS: readonly string[] = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job'];

/** `never` in this annotation keeps an object in its first state: a roll-out that gets stuck. */
export const SETTLES = 'simulator.fleetwright.io/settles';

/** A timer of Node holds no longer. */
const LONGEST_WAIT_MS = 2_000_000_000;

/** Plays the controllers that fill statuses: level-triggered, it acts when a status is not what its rule says. */
export class StatusController {
  constructor(private readonly parts: ControllerParts) {}

  onChange({ type, kind, object }: Change): void {
    this.recheckDependents(kind);
    const rule = this.ruleOf(kind);
    if (rule === undefined || type === 'DELETED' || object.metadata.deletionTimestamp !== undefined) return;
    const ref = refOf(kind, object);
    if (this.isSettled(rule, object)) return;
    this.parts.queue.soon(`seen ${keyOf(ref)}`, () => this.see(ref, rule));
  }

  /** Looks again at every object of a kind, as after something outside the cluster changed. */
  recheck(kind: KindDefinition): void {
    const rule = this.ruleOf(kind);
    if (rule === undefined) return;
    for (const object of this.parts.store.list(kind)) this.settleLater(refOf(kind, object), rule);
  }

  private recheckDependents(kind: KindDefinition): void {
    const id = idOf(kind);
    for (const [name, rule] of DEPENDENT_RULES) {
      if (rule.after?.includes(id) !== true) continue;
      const dependents = this.parts.registry.all().filter((served) => idOf(served) === name);
      for (const dependent of dependents) {
        for (const object of this.parts.store.list(dependent)) this.settleLater(refOf(dependent, object), rule);
      }
    }
  }

  private ruleOf(kind: KindDefinition): StatusRule | undefined {
    const id = idOf(kind);
    if (this.parts.runsPods && THROUGH_PODS.includes(kind.kind)) return undefined;
    return Object.hasOwn(RULES, id) ? RULES[id] : undefined;
  }

  private see(ref: StoredRef, rule: StatusRule): void {
    const object = this.live(ref);
    if (object === undefined || this.isSettled(rule, object)) return;
    const isNews =
      object.status === undefined || record(object.status).observedGeneration !== object.metadata.generation;
    if (rule.seen !== undefined && isNews && this.parts.readyAfterMs > 0) {
      this.write(ref, rule, rule.seen(object, this.context()));
    }
    this.settleLater(ref, rule);
  }

  private settleLater(ref: StoredRef, rule: StatusRule): void {
    const { queue, readyAfterMs } = this.parts;
    queue.later(`settle ${keyOf(ref)}`, readyAfterMs, () => this.settle(ref, rule));
  }

  private settle(ref: StoredRef, rule: StatusRule): void {
    const object = this.live(ref);
    if (object === undefined || this.isHeld(object)) return;
    if (!this.isSettled(rule, object)) this.write(ref, rule, rule.settled(object, this.context()));
    if (rule.dueAgain !== undefined) this.lookAgain(ref, rule);
  }

  private lookAgain(ref: StoredRef, rule: StatusRule): void {
    const object = this.live(ref);
    const due = object && rule.dueAgain?.(object);
    if (due === undefined) return;
    const wait = Math.min(LONGEST_WAIT_MS, Math.max(1_000, due - this.parts.clock.now().getTime()));
    this.parts.queue.later(`again ${object?.metadata.uid} ${due}`, wait, () => this.settle(ref, rule));
  }

  /** By the annotation on it or on what controls it. */
  private isHeld({ metadata }: KubernetesObject): boolean {
    if (metadata.annotations?.[SETTLES] === 'never') return true;
    const owner = controllerOf(metadata);
    const kind = owner && this.parts.registry.byKind(owner.apiVersion, owner.kind);
    const found = kind && owner && this.parts.store.get(kind, metadata.namespace ?? '', owner.name);
    return found !== undefined && this.isHeld(found);
  }

  private isSettled(rule: StatusRule, object: KubernetesObject): boolean {
    return jsonEqual(rule.settled(object, this.context()), record(object.status));
  }

  private write(ref: StoredRef, { manager }: StatusRule, status: Fields): void {
    const change = (live: KubernetesObject): KubernetesObject => ({ ...live, status });
    this.parts.writer.modify(ref, change, { manager, subresource: 'status' });
  }

  private live(ref: StoredRef): KubernetesObject | undefined {
    const object = this.parts.store.get(ref.kind, ref.namespace, ref.name);
    return object?.metadata.deletionTimestamp === undefined ? object : undefined;
  }

  private context(): StatusContext {
    const { store, registry, clock, nodes, faults } = this.parts;
    return {
      at: rfc3339(clock.now()),
      nodes,
      hasImage: (image) => faults.hasImage(image),
      crashes: (image) => faults.crashes(image),
      hasProvider: (storeName) => faults.hasProvider(storeName),
      peer: ({ group, kind: kindName, namespace, name }) => {
        const kind = registry.byGroupKind(group, kindName);
        return kind && store.get(kind, namespace, name);
      },
    };
  }
}

const idOf = (kind: KindDefinition): string => `${kind.group}/${kind.kind}`;

function keyOf({ kind, namespace, name }: StoredRef): string {
  return `${resourceName(kind)}/${namespace}/${name}`;
}
