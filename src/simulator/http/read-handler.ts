import type { ServerResponse } from 'node:http';
import { notFound } from '../../kernel/errors.js';
import { parseSelector } from '../../kernel/label-selector.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { badRequest } from '../admission.js';
import { apiVersionOf, resourceName } from '../kind.js';
import type { VirtualCluster } from '../virtual-cluster.js';
import { eventLine, isInScope, type Scope } from '../watch-hub.js';
import type { ApiRequest } from './api-request.js';
import type { ResourcePath } from './request-target.js';
import { statusOf } from './status-body.js';

/** A reader this far behind is cut off and has to list again. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;
const DEFAULT_WATCH_SECONDS = 1_800;

/** A request that is answered by writing to its response. */
export interface Exchange {
  cluster: VirtualCluster;
  request: ApiRequest;
  response: ServerResponse;
}

/** One object. */
export function readObject(cluster: VirtualCluster, { kind, namespace, name }: ResourcePath): KubernetesObject {
  const found = cluster.store.get(kind, namespace, name);
  if (found === undefined) throw notFound(resourceName(kind), name);
  return found;
}

/** A list's JSON text, one page of it when `limit` asks for pages. */
export function listText(cluster: VirtualCluster, at: ResourcePath, { query }: ApiRequest): string {
  const scope = scopeOf(at, query);
  const all = cluster.store.list(at.kind, at.namespace).filter((object) => isInScope(scope, object));
  const start = all.findIndex((object) => orderKey(object) > readContinue(query));
  const limit = Number(query.get('limit') ?? 0) || all.length;
  const page = start < 0 ? [] : all.slice(start, start + limit);
  const left = start < 0 ? 0 : all.length - start - page.length;
  const metadata = { resourceVersion: String(cluster.store.version), ...continuation(page.at(-1), left) };
  const head = `"kind":"${at.kind.kind}List","apiVersion":"${apiVersionOf(at.kind)}","metadata":${JSON.stringify(metadata)}`;
  return `{${head},"items":[${page.map((object) => JSON.stringify(object)).join(',')}]}`;
}

/** Answers with a stream of events until the watch ends or the reader goes away. */
export function serveWatch({ cluster, request, response }: Exchange, at: ResourcePath): void {
  const { query } = request;
  const marksInitialEnd = query.get('sendInitialEvents') === 'true';
  const watch = {
    scope: scopeOf(at, query),
    since: marksInitialEnd ? undefined : readVersion(query),
    marksInitialEnd,
    bookmarks: query.get('allowWatchBookmarks') === 'true',
    timeoutSeconds: Number(query.get('timeoutSeconds') ?? 0) || DEFAULT_WATCH_SECONDS,
  };
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  const write = (line: string): boolean => {
    response.write(line);
    return response.writableLength < MAX_BUFFERED_BYTES;
  };
  try {
    const end = cluster.watches.open(watch, { write, end: () => response.end() });
    response.on('close', end);
  } catch (error) {
    response.end(eventLine('ERROR', JSON.stringify(statusOf(error))));
  }
}

export function scopeOf({ kind, namespace, name }: ResourcePath, query: URLSearchParams): Scope {
  const fields = fieldSelector(query.get('fieldSelector') ?? '', kind.kind);
  const wanted = fields.get('metadata.namespace') ?? '';
  const named = name || fields.get('metadata.name');
  return {
    kind,
    namespace: namespace || wanted,
    ...(named === undefined ? {} : { name: named }),
    labels: parseSelector(query.get('labelSelector') ?? ''),
  };
}

function fieldSelector(text: string, kind: string): Map<string, string> {
  const terms = text.split(',').filter((term) => term !== '');
  const pairs = terms.map((term) => /^(metadata\.name|metadata\.namespace)==?([^=]*)$/.exec(term));
  if (pairs.some((pair) => pair === null)) {
    throw badRequest(`field selector "${text}" is not supported for ${kind}: use metadata.name or metadata.namespace`);
  }
  return new Map(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']));
}

function readVersion(query: URLSearchParams): number | undefined {
  const text = query.get('resourceVersion') ?? '';
  if (text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`Invalid value: "${text}": resourceVersion is not a number`);
  return Number(text);
}

/** A page ends at an object's place in the order; the token names it. */
function readContinue(query: URLSearchParams): string {
  return Buffer.from(query.get('continue') ?? '', 'base64url').toString('utf8');
}

function continuation(last: KubernetesObject | undefined, left: number): object {
  if (last === undefined || left <= 0) return {};
  return { continue: Buffer.from(orderKey(last), 'utf8').toString('base64url'), remainingItemCount: left };
}

function orderKey({ metadata: { namespace = '', name } }: KubernetesObject): string {
  return `${namespace}/${name}`;
}
