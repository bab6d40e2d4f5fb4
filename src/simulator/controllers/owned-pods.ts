import { jsonEqual } from '../../kernel/json.js';
import { controllerOf, type KubernetesObject } from '../../kernel/object.js';
import { refOf, type Change, type StoredRef } from '../cluster-store.js';
import { list, record, type Fields } from '../fill-in.js';
import type { KindDefinition } from '../kind.js';
import type { ControllerParts } from './controller-parts.js';
import { CONTROLLER_MANAGER, controlledBy, controllerReference, Orphans } from './owned-objects.js';

/** What a pod gets beyond its template. */
export interface PodIdentity {
  /** Absent: made from `prefix`. */
  name?: string;
  /** Default: the owner's name and a hyphen. */
  prefix?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** The pods behind one kind of workload: which it has, new ones by a template, the end of those to spare. */
export class OwnedPods {
  readonly podKind: KindDefinition;
  private readonly orphans: Orphans;

  constructor(
    private readonly parts: ControllerParts,
    readonly ownerKind: KindDefinition,
    private readonly component: string,
  ) {
    this.podKind = parts.registry.require('v1', 'Pod');
    this.orphans = new Orphans(parts, this.podKind);
  }

  /** The workload to look at again after a change of it or of a pod of it. */
  concerned(change: Change): StoredRef | undefined {
    const { kind, object, type } = change;
    if (kind === this.ownerKind) return type === 'DELETED' ? undefined : refOf(kind, object);
    if (kind !== this.podKind) return undefined;
    this.orphans.onChange(change);
    const owner = controllerOf(object.metadata);
    if (owner?.kind !== this.ownerKind.kind) return undefined;
    return { kind: this.ownerKind, namespace: object.metadata.namespace ?? '', name: owner.name };
  }

  /** All of them, those on their way out among them. */
  of(owner: KubernetesObject): KubernetesObject[] {
    return controlledBy(this.parts, owner, 'Pod');
  }

  adoptBy(owner: KubernetesObject): void {
    this.orphans.adoptBy(owner);
  }

  create(owner: KubernetesObject, template: unknown, identity: PodIdentity = {}): KubernetesObject {
    const { name = '', prefix = `${owner.metadata.name}-`, labels = {}, annotations = {} } = identity;
    const { namespace = '' } = owner.metadata;
    const { metadata, spec } = record(template);
    const told = record(metadata) as { labels?: Record<string, string>; annotations?: Record<string, string> };
    const meta = {
      name,
      generateName: prefix,
      namespace,
      ...nonEmpty('labels', { ...told.labels, ...labels }),
      ...nonEmpty('annotations', { ...told.annotations, ...annotations }),
      ownerReferences: [controllerReference(owner)],
    };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: meta, spec };
    const target = { kind: this.podKind, namespace, name };
    return this.parts.writer.create(target, pod, { manager: CONTROLLER_MANAGER }).object;
  }

  /** Creates one and tells so. */
  add(owner: KubernetesObject, template: unknown, identity: PodIdentity = {}): void {
    const { metadata } = this.create(owner, template, identity);
    this.tell(owner, 'SuccessfulCreate', `Created pod: ${metadata.name}`);
  }

  /** Deletes one and tells so. */
  drop(owner: KubernetesObject, pod: KubernetesObject, message = `Deleted pod: ${pod.metadata.name}`): void {
    this.parts.deleter.delete(refOf(this.podKind, pod), {});
    this.tell(owner, 'SuccessfulDelete', message);
  }

  tell(about: KubernetesObject, reason: string, message: string, type: 'Normal' | 'Warning' = 'Normal'): void {
    this.parts.events.record({ about, reason, message, component: this.component, type });
  }

  /** Stores the status unless it is there already. */
  writeStatus(owner: KubernetesObject, status: Fields): void {
    if (jsonEqual(status, owner.status)) return;
    const change = (live: KubernetesObject): KubernetesObject => ({ ...live, status });
    this.parts.writer.modify(refOf(this.ownerKind, owner), change, {
      manager: CONTROLLER_MANAGER,
      subresource: 'status',
    });
  }
}

const nonEmpty = (name: string, map: Record<string, string>): Fields =>
  Object.keys(map).length === 0 ? {} : { [name]: map };

export function isReady({ status }: KubernetesObject): boolean {
  return list(record(status).conditions)
    .map(record)
    .some((condition) => condition.type === 'Ready' && condition.status === 'True');
}

export const phaseOf = ({ status }: KubernetesObject): string => String(record(status).phase ?? '');
export const isEnding = ({ metadata }: KubernetesObject): boolean => metadata.deletionTimestamp !== undefined;
export const hasEnded = (pod: KubernetesObject): boolean => ['Succeeded', 'Failed'].includes(phaseOf(pod));
