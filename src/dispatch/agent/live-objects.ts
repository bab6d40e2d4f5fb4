import { messageOf } from '../../kernel/errors.js';
import { canonicalJson } from '../../kernel/json.js';
import { objectId, objectKey, type KubernetesObject } from '../../kernel/object.js';
import { findDrift, type DriftedField } from '../../applications/domain/drift/find-drift.js';
import { assessHealth } from '../../applications/domain/health/assess-health.js';
import type { Health } from '../../applications/domain/health/verdict.js';
import { trackingOf } from '../../applications/domain/tracking.js';
import { apiVersionOf, type ApiResource } from '../../kubernetes/client/api-resource.js';
import type { KubernetesClient } from '../../kubernetes/client/kubernetes-client.js';
import { watchResource } from '../../kubernetes/client/resource-watch.js';
import { HUB_LABEL } from '../../rendering/domain/stamp.js';
import type { Log } from '../../kernel/log.js';
import type { DesiredObject } from './target.js';

/** The verdict on one live object; the object itself is not kept, so that an idle agent stays small. */
export interface LiveObject {
  present: boolean;
  /** Digest of the desired object it was compared with; empty when nobody here wants it. */
  judgedBy: string;
  resourceVersion: string;
  /** The instance its tracking annotation names. */
  trackedBy: string | undefined;
  drift: DriftedField[];
  health: Health | null;
  deleting: boolean;
}

export interface LiveObjectsOptions {
  client: KubernetesClient;
  hubId: string;
  signal: AbortSignal;
  random: () => number;
  logger: Log;
  /** What should stand under a key, for the instance that the live object names. */
  desiredFor: (key: string, instance: string | undefined) => DesiredObject | undefined;
  /** A verdict changed in a way that may call for work or a report. */
  onChange: (key: string) => void;
  /** A definition was established: the cluster serves more than before. */
  onServed: () => void;
}

interface Watched {
  resource: ApiResource;
  listed: boolean;
  /** Why the last attempt failed; undefined once one did not. */
  failure: unknown;
  stop: AbortController;
  waiting: { resolve: () => void; reject: (error: unknown) => void }[];
}

/** Watches the objects that carry this hub's label, one watch a kind in use, and judges each as it changes. */
export class LiveObjects {
  private readonly verdicts = new Map<string, LiveObject>();
  private readonly watched = new Map<string, Watched>();
  /** Differences that the API server itself makes: what it still answered right after our apply, by key and path. */
  private readonly tolerated = new Map<string, { digest: string; fields: Map<string, string> }>();

  constructor(private readonly options: LiveObjectsOptions) {}

  get(key: string): LiveObject | undefined {
    return this.verdicts.get(key);
  }

  /** Resolves when every one of these kinds has been listed once; throws when one cannot be. */
  async ensure(resources: readonly ApiResource[]): Promise<void> {
    await Promise.all(resources.map((resource) => this.ensureOne(resource)));
  }

  /** Ends the watches of kinds that nobody uses any more. */
  keepOnly(resources: readonly ApiResource[]): void {
    const used = new Set(resources.map(watchKey));
    for (const [key, watched] of this.watched) {
      if (used.has(key)) continue;
      watched.stop.abort();
      this.watched.delete(key);
    }
  }

  /** Takes in an object that was read or answered by the API. Silent: the caller is at work on it. */
  observe(object: KubernetesObject): LiveObject {
    const key = objectKey(objectId(object));
    const known = this.verdicts.get(key);
    if (known?.present && isOlder(object.metadata.resourceVersion ?? '', known.resourceVersion)) return known;
    const verdict = this.judge(key, object);
    this.verdicts.set(key, verdict);
    if (key.startsWith(DEFINITIONS) && known && !isHealthy(known) && isHealthy(verdict)) this.options.onServed();
    return verdict;
  }

  /** The answer to an apply: fields it still has otherwise are the API server's spelling and no drift. */
  observeApplied(desired: DesiredObject, answer: KubernetesObject): void {
    const fields = findDrift(desired.object, answer).map(({ path, live }) => [path, canonicalJson(live)] as const);
    if (fields.length > 0) this.tolerated.set(desired.key, { digest: desired.digest, fields: new Map(fields) });
    else this.tolerated.delete(desired.key);
    this.observe(answer);
  }

  observeAbsent(key: string, judgedBy: string): LiveObject {
    const verdict: LiveObject = { ...ABSENT, judgedBy };
    this.verdicts.set(key, verdict);
    return verdict;
  }

  forget(key: string): void {
    this.verdicts.delete(key);
    this.tolerated.delete(key);
  }

  private ensureOne(resource: ApiResource): Promise<void> {
    const key = watchKey(resource);
    const watched = this.watched.get(key) ?? {
      resource,
      listed: false,
      failure: undefined,
      stop: new AbortController(),
      waiting: [],
    };
    if (watched.listed) return Promise.resolve();
    // Whoever waits would hold up the queue for as long as the watch pauses.
    if (watched.failure !== undefined) return Promise.reject(watched.failure as Error);
    const listed = new Promise<void>((resolve, reject) => watched.waiting.push({ resolve, reject }));
    if (!this.watched.has(key)) this.start(key, watched);
    return listed;
  }

  private start(key: string, watched: Watched): void {
    this.watched.set(key, watched);
    const { client, hubId, signal, random, logger } = this.options;
    void watchResource(client, watched.resource, {
      labelSelector: `${HUB_LABEL}=${hubId}`,
      signal: AbortSignal.any([signal, watched.stop.signal]),
      random,
      onList: (objects) => this.takeList(watched, objects),
      onChange: (object) => this.take(object),
      onDelete: (object) => this.takeDelete(object),
      onFailure: (error) => {
        watched.failure = error;
        for (const { reject } of watched.waiting.splice(0)) reject(error);
        logger.warn({ resource: watched.resource.resource, err: messageOf(error) }, 'watch failed');
      },
    });
  }

  /** What a list leaves out is looked at again rather than believed gone: it may have lost only its label. */
  private takeList(watched: Watched, objects: readonly KubernetesObject[]): void {
    const present = new Set(objects.map((object) => objectKey(objectId(object))));
    const prefix = `${watched.resource.group}/${watched.resource.kind}/`;
    for (const [key, verdict] of this.verdicts) {
      if (!key.startsWith(prefix) || present.has(key) || !verdict.present) continue;
      this.verdicts.delete(key);
      this.options.onChange(key);
    }
    for (const object of objects) this.take(object);
    watched.listed = true;
    watched.failure = undefined;
    for (const { resolve } of watched.waiting.splice(0)) resolve();
  }

  private take(object: KubernetesObject): void {
    const key = objectKey(objectId(object));
    const before = this.verdicts.get(key);
    if (differs(before, this.observe(object))) this.options.onChange(key);
  }

  /** Of an object that we have created again meanwhile the news is old. */
  private takeDelete(object: KubernetesObject): void {
    const key = objectKey(objectId(object));
    const before = this.verdicts.get(key);
    if (before?.present && isOlder(object.metadata.resourceVersion ?? '', before.resourceVersion)) return;
    if (differs(before, this.observeAbsent(key, before?.judgedBy ?? ''))) this.options.onChange(key);
  }

  private judge(key: string, object: KubernetesObject): LiveObject {
    const trackedBy = trackingOf(object)?.instance;
    const desired = this.options.desiredFor(key, trackedBy);
    return {
      present: true,
      judgedBy: desired?.digest ?? '',
      resourceVersion: object.metadata.resourceVersion ?? '',
      trackedBy,
      drift: desired ? this.untolerated(desired, findDrift(desired.object, object)) : [],
      health: assessHealth(object),
      deleting: object.metadata.deletionTimestamp !== undefined,
    };
  }

  private untolerated({ key, digest }: DesiredObject, drift: DriftedField[]): DriftedField[] {
    const known = this.tolerated.get(key);
    if (known?.digest !== digest) return drift;
    return drift.filter(({ path, live }) => known.fields.get(path) !== canonicalJson(live));
  }
}

const DEFINITIONS = 'apiextensions.k8s.io/CustomResourceDefinition/';

const ABSENT: LiveObject = {
  present: false,
  judgedBy: '',
  resourceVersion: '',
  trackedBy: undefined,
  drift: [],
  health: null,
  deleting: false,
};

function watchKey(resource: ApiResource): string {
  return `${apiVersionOf(resource)}/${resource.resource}`;
}

/** resourceVersions are decimal numbers of any length in every API server there is (and by rule since Kubernetes 1.35). */
function isOlder(left: string, right: string): boolean {
  return left.length === right.length ? left < right : left.length < right.length;
}

function isHealthy({ health }: LiveObject): boolean {
  return health?.status === 'Healthy';
}

function differs(before: LiveObject | undefined, after: LiveObject): boolean {
  if (before === undefined) return true;
  return signature(before) !== signature(after);
}

function signature({ present, drift, health, deleting, trackedBy }: LiveObject): string {
  return canonicalJson({ present, drift: drift.map(({ path }) => path), health, deleting, trackedBy });
}
