import type { KubernetesObject } from '../../src/kernel/object.js';
import type { ApiResource } from '../../src/kubernetes/client/api-resource.js';
import { apiErrorOf, isNotFound } from '../../src/kubernetes/client/kubernetes-api-error.js';
import {
  FIELD_MANAGER,
  KubernetesClient,
  type DeleteOptions,
  type ObjectList,
  type ResourceEvent,
} from '../../src/kubernetes/client/kubernetes-client.js';
import { readBody, type Target } from '../../src/simulator/admission.js';
import type { Change } from '../../src/simulator/cluster-store.js';
import { discoveryAt } from '../../src/simulator/http/discovery.js';
import { statusOf } from '../../src/simulator/http/status-body.js';
import type { KindDefinition } from '../../src/simulator/kind.js';
import type { VirtualCluster } from '../../src/simulator/virtual-cluster.js';
import type { Interleaving, Life } from './interleaving.js';

export interface MemberSide {
  cluster: VirtualCluster;
  interleaving: Interleaving;
  life: Life;
  /** Whether this call fails, and on which side of its effect. */
  faultAt: () => 'before' | 'after' | undefined;
}

/** The agent's client of its cluster without a network between: the simulator's own rules, a turn for every call. */
export class MemberClient extends KubernetesClient {
  constructor(private readonly side: MemberSide) {
    super({ server: 'http://127.0.0.1:1' });
  }

  override async read(path: string): Promise<unknown> {
    const found = discoveryAt(this.side.cluster, path, false);
    if (found) return found;
    throw apiErrorOf(404, undefined, `GET ${path}`);
  }

  override get(resource: ApiResource, namespace: string, name: string): Promise<KubernetesObject | undefined> {
    const { store } = this.side.cluster;
    return this.call(() => store.get(this.kind(resource), resource.namespaced ? namespace : '', name));
  }

  override list(
    resource: ApiResource,
    { namespace = '', labelSelector }: { namespace?: string; labelSelector?: string } = {},
  ): Promise<ObjectList> {
    const { store } = this.side.cluster;
    return this.call(() => ({
      items: store.list(this.kind(resource), namespace).filter((object) => isSelected(object, labelSelector)),
      resourceVersion: String(store.version),
    }));
  }

  override create(resource: ApiResource, object: KubernetesObject): Promise<KubernetesObject> {
    const target = this.target(resource, object.metadata);
    const { writer } = this.side.cluster;
    return this.call(() => writer.create(target, readBody(object, target), { manager: FIELD_MANAGER }).object);
  }

  override apply(
    resource: ApiResource,
    object: KubernetesObject,
    { dryRun = false }: { dryRun?: boolean } = {},
  ): Promise<KubernetesObject> {
    const target = this.target(resource, object.metadata);
    const options = { manager: FIELD_MANAGER, force: true, ...(dryRun ? { dryRun } : {}) };
    return this.call(() => this.side.cluster.writer.apply(target, readBody(object, target), options).object);
  }

  override async delete(
    resource: ApiResource,
    place: { namespace: string; name: string },
    { preconditions, ...options }: DeleteOptions = {},
  ): Promise<boolean> {
    const target = this.target(resource, place);
    try {
      await this.call(() => void this.side.cluster.deleter.delete(target, { ...options, ...preconditions }));
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  override async *watch(
    resource: ApiResource,
    from: { resourceVersion: string; labelSelector?: string; signal: AbortSignal },
  ): AsyncGenerator<ResourceEvent> {
    const { store } = this.side.cluster;
    const events: ResourceEvent[] = [];
    let wake: () => void = () => undefined;
    const take = (change: Change): void => {
      const event = eventOf(change, resource, from.labelSelector);
      if (event) events.push(event);
      wake();
    };
    store.changesSince(Number(from.resourceVersion)).forEach(take);
    const unsubscribe = store.subscribe(take);
    from.signal.addEventListener('abort', () => wake());
    while (!from.signal.aborted) {
      const event = events.shift();
      if (event === undefined) await new Promise<void>((resolve) => (wake = resolve));
      else {
        await this.side.interleaving.turn(this.side.life);
        yield event;
      }
    }
    unsubscribe();
  }

  private async call<T>(work: () => T): Promise<T> {
    const { interleaving, life, faultAt } = this.side;
    await interleaving.turn(life);
    const fault = faultAt();
    if (fault === 'before') throw new Error('the connection to the cluster was lost');
    const answer = attempt(work);
    await interleaving.turn(life);
    if (fault === 'after') throw new Error('the connection to the cluster was lost');
    return answer();
  }

  private target(resource: ApiResource, { namespace = '', name }: { namespace?: string; name: string }): Target {
    return { kind: this.kind(resource), namespace: resource.namespaced ? namespace : '', name };
  }

  private kind({ group, version, kind }: ApiResource): KindDefinition {
    const apiVersion = group === '' ? version : `${group}/${version}`;
    const found = this.side.cluster.registry.byKind(apiVersion, kind);
    if (found) return found;
    throw apiErrorOf(404, undefined, `${apiVersion} ${kind}`);
  }
}

/** What the work gave when it was done; refusals are spelled as the API spells them. */
function attempt<T>(work: () => T): () => T {
  try {
    const value = work();
    return () => value;
  } catch (error) {
    const status = statusOf(error);
    return () => {
      throw apiErrorOf(status.code, status, 'the cluster');
    };
  }
}

/** An object that loses the label is gone for whoever watches by it. */
function eventOf({ type, kind, object, previous }: Change, resource: ApiResource, selector?: string) {
  if (kind.group !== resource.group || kind.kind !== resource.kind) return undefined;
  const was = previous !== undefined && isSelected(previous, selector);
  const is = type !== 'DELETED' && isSelected(object, selector);
  if (!was && !is) return undefined;
  const told: ResourceEvent = { type: is ? (was ? 'MODIFIED' : 'ADDED') : 'DELETED', object };
  return told;
}

/** `key=value`, or `key` for any value. */
function isSelected({ metadata: { labels = {} } }: KubernetesObject, selector: string | undefined): boolean {
  if (selector === undefined) return true;
  const [key = '', value] = selector.split('=');
  return value === undefined ? Object.hasOwn(labels, key) : labels[key] === value;
}
