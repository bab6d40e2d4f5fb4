import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../../kernel/backoff.js';
import type { KubernetesObject } from '../../kernel/object.js';
import type { ApiResource } from './api-resource.js';
import { isExpired, isNotFound } from './kubernetes-api-error.js';
import type { KubernetesClient, ObjectList } from './kubernetes-client.js';

export interface ResourceWatchOptions {
  labelSelector?: string;
  signal: AbortSignal;
  /** 0 to 1; spreads reconnections. */
  random: () => number;
  /** Everything that exists now: what is not in it is gone. */
  onList: (objects: KubernetesObject[]) => void;
  onChange: (object: KubernetesObject) => void;
  onDelete: (object: KubernetesObject) => void;
  /** A failure that is retried after a pause. */
  onFailure: (error: unknown) => void;
}

const PAUSE = { firstMs: 250, longestMs: 30_000 };
/** The server ends a watch after 5 to 10 minutes, as client-go asks it to. */
const SHORTEST_WATCH_SECONDS = 180;

/** Lists a kind, then follows its changes until the signal: goes on from the last version seen, lists again when it is too old. */
export async function watchResource(
  client: KubernetesClient,
  resource: ApiResource,
  options: ResourceWatchOptions,
): Promise<void> {
  let failures = 0;
  let version = '';
  while (!options.signal.aborted) {
    // A stream that ends without an event counts as a failure too: a server that hangs up at once must not be hammered.
    failures += 1;
    try {
      if (version === '') version = await relist(client, resource, options);
      for await (const seen of follow(client, resource, version, options)) {
        version = seen;
        failures = 0;
      }
    } catch (error) {
      if (options.signal.aborted) return;
      if (isExpired(error)) version = '';
      else options.onFailure(error);
    }
    if (failures > 0) await pause(backoffMs(failures, PAUSE, options.random), options.signal);
  }
}

/** A kind that is not served has no objects; it may be served again later, so the watch goes on asking. */
async function relist(client: KubernetesClient, resource: ApiResource, options: ResourceWatchOptions): Promise<string> {
  const list = await listOrNone(client, resource, options);
  options.onList(list.items);
  if (list.resourceVersion !== '') return list.resourceVersion;
  throw new Error(`${resource.resource}.${resource.group} is not served`);
}

async function listOrNone(
  client: KubernetesClient,
  resource: ApiResource,
  options: ResourceWatchOptions,
): Promise<ObjectList> {
  try {
    return await client.list(resource, selectorOf(options));
  } catch (error) {
    if (isNotFound(error)) return { items: [], resourceVersion: '' };
    throw error;
  }
}

/** Hands on the changes and yields each resourceVersion reached. */
async function* follow(
  client: KubernetesClient,
  resource: ApiResource,
  resourceVersion: string,
  options: ResourceWatchOptions,
): AsyncGenerator<string> {
  const timeoutSeconds = Math.round(SHORTEST_WATCH_SECONDS * (1 + options.random()));
  const from = { resourceVersion, timeoutSeconds, signal: options.signal, ...selectorOf(options) };
  for await (const { type, object } of client.watch(resource, from)) {
    if (type === 'DELETED') options.onDelete(object);
    else if (type !== 'BOOKMARK') options.onChange(object);
    yield object.metadata.resourceVersion ?? resourceVersion;
  }
}

function selectorOf({ labelSelector }: ResourceWatchOptions): { labelSelector?: string } {
  return labelSelector === undefined ? {} : { labelSelector };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
