import { rfc3339, type Clock } from '../../kernel/clock.js';
import { digestJson } from '../../kernel/digest.js';
import type { KubernetesObject } from '../../kernel/object.js';
import type { ClusterStore } from '../cluster-store.js';
import type { KindRegistry } from '../kind-registry.js';
import type { KindDefinition } from '../kind.js';
import type { ObjectWriter } from '../object-writer.js';

/** What a controller has to tell of an object. */
export interface Occurrence {
  about: KubernetesObject;
  /** Default `Normal`. */
  type?: 'Normal' | 'Warning';
  reason: string;
  message: string;
  /** Who tells it: `deployment-controller`. */
  component: string;
  /** The node it happened on. */
  host?: string;
  /** The container it happened to, as a path: `spec.containers{main}`. */
  fieldPath?: string;
}

interface RecorderParts {
  store: ClusterStore;
  registry: KindRegistry;
  writer: ObjectWriter;
  clock: Clock;
  /** Where nothing is to be told: fleets that are to be cheap. */
  isQuiet: boolean;
}

/** Events a cluster keeps, and for how long: a real one keeps all of an hour. */
const KEPT = 1_000;
const KEPT_MS = 3_600_000;
/** So many that differ by their message only are told one by one; further ones are counted together. */
const TOLD_APART = 9;

/** Writes down what controllers do as Events; one that happens again is counted, not written anew. */
export class EventRecorder {
  private readonly kind: KindDefinition;
  /** Names by what happened, in the order in which it first did. */
  private readonly names = new Map<string, { namespace: string; name: string; at: number }>();
  /** How many messages were told apart, by what they have in common. */
  private readonly alike = new Map<string, number>();

  constructor(private readonly parts: RecorderParts) {
    this.kind = parts.registry.require('v1', 'Event');
  }

  record(occurrence: Occurrence): void {
    if (this.parts.isQuiet || !this.takesContent(occurrence.about)) return;
    const own = keyOf(occurrence);
    const isTogether = !this.names.has(own) && this.alikeTo(occurrence) >= TOLD_APART;
    const message = isTogether ? `(combined from similar events): ${occurrence.message}` : occurrence.message;
    const key = isTogether ? commonKey(occurrence) : own;
    const known = this.names.get(key);
    const live = known && this.parts.store.get(this.kind, known.namespace, known.name);
    if (live === undefined) this.create(key, { ...occurrence, message });
    else this.repeat(live, message);
    this.forgetOld();
  }

  private alikeTo(occurrence: Occurrence): number {
    const key = commonKey(occurrence);
    const count = this.alike.get(key) ?? 0;
    this.alike.set(key, count + 1);
    return count;
  }

  /** A namespace on its way out takes no Events either. */
  private takesContent({ metadata }: KubernetesObject): boolean {
    const namespaces = this.parts.registry.require('v1', 'Namespace');
    const found = this.parts.store.get(namespaces, '', metadata.namespace ?? 'default');
    return found !== undefined && found.metadata.deletionTimestamp === undefined;
  }

  private create(key: string, occurrence: Occurrence): void {
    const { about, type = 'Normal', reason, message, component, host, fieldPath } = occurrence;
    const { namespace = 'default', uid } = about.metadata;
    const { name, resourceVersion } = about.metadata;
    const now = this.parts.clock.now();
    const at = rfc3339(now);
    const own = `${name}.${digestJson([key, now.getTime(), this.parts.store.version]).slice(-16)}`;
    const involved = { apiVersion: about.apiVersion, kind: about.kind, name, namespace, resourceVersion, uid };
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: own, namespace },
      involvedObject: fieldPath === undefined ? involved : { ...involved, fieldPath },
      ...{ reason, message, type, count: 1, firstTimestamp: at, lastTimestamp: at, eventTime: null },
      source: host === undefined ? { component } : { component, host },
      ...{ reportingComponent: component, reportingInstance: host ?? '' },
    };
    this.parts.writer.create({ kind: this.kind, namespace, name: own }, event, { manager: component });
    this.names.delete(key);
    this.names.set(key, { namespace, name: own, at: now.getTime() });
  }

  private repeat(event: KubernetesObject, message: string): void {
    const { namespace = '', name } = event.metadata;
    const lastTimestamp = rfc3339(this.parts.clock.now());
    const change = (live: KubernetesObject): KubernetesObject => ({
      ...live,
      message,
      lastTimestamp,
      count: Number(live.count ?? 1) + 1,
    });
    const manager = String(event.reportingComponent ?? 'kube-controller-manager');
    this.parts.writer.modify({ kind: this.kind, namespace, name }, change, { manager });
  }

  private forgetOld(): void {
    const oldest = this.parts.clock.now().getTime() - KEPT_MS;
    for (const [key, { namespace, name, at }] of this.names) {
      if (this.names.size <= KEPT && at >= oldest) return;
      this.names.delete(key);
      this.alike.delete(commonOf(key));
      const live = this.parts.store.get(this.kind, namespace, name);
      if (live !== undefined) this.parts.store.remove(this.kind, live);
    }
  }
}

const commonKey = ({ about, reason, component, fieldPath = '' }: Occurrence): string =>
  [about.metadata.uid, reason, component, fieldPath].join('\n');
const keyOf = (occurrence: Occurrence): string => `${commonKey(occurrence)}\n${occurrence.message}`;
const commonOf = (key: string): string => key.split('\n').slice(0, 4).join('\n');
