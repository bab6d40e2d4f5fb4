import type { ServerResponse } from 'node:http';
import { messageOf, notFound } from '../../kernel/errors.js';
import { parseSelector, type LabelExpression } from '../../kernel/label-selector.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { badRequest } from '../admission.js';
import { parseFieldSelector } from '../field-selector.js';
import { resourceName } from '../kind.js';
import type { VirtualCluster } from '../virtual-cluster.js';
import { eventLine, type Scope } from '../watch-hub.js';
import type { ApiRequest } from './api-request.js';
import { representationOf, viewOf } from './representation.js';
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

/** Answers with a stream of events until the watch ends or the reader goes away. */
export function serveWatch({ cluster, request, response }: Exchange, at: ResourcePath): void {
  const { query } = request;
  const view = viewOf(cluster, at.kind, representationOf(request));
  const marksInitialEnd = query.get('sendInitialEvents') === 'true';
  const watch = {
    scope: scopeOf(at, query),
    since: marksInitialEnd ? undefined : readVersion(query),
    marksInitialEnd,
    bookmarks: query.get('allowWatchBookmarks') === 'true',
    timeoutSeconds: Number(query.get('timeoutSeconds') ?? 0) || DEFAULT_WATCH_SECONDS,
    ...(view === undefined ? {} : { view }),
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
  return {
    kind,
    namespace,
    ...(name === '' ? {} : { name }),
    labels: labelTerms(query.get('labelSelector') ?? ''),
    fields: parseFieldSelector(query.get('fieldSelector') ?? '', kind),
  };
}

function labelTerms(text: string): LabelExpression[] {
  try {
    return parseSelector(text);
  } catch (error) {
    throw badRequest(`unable to parse requirement: ${messageOf(error)}`);
  }
}

export function readVersion(query: URLSearchParams): number | undefined {
  const text = query.get('resourceVersion') ?? '';
  if (text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`Invalid value: "${text}": resourceVersion is not a number`);
  return Number(text);
}
