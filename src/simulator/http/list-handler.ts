import { FleetError } from '../../kernel/errors.js';
import { isObject } from '../../kernel/json.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { badRequest } from '../admission.js';
import type { ClusterStore } from '../cluster-store.js';
import { apiVersionOf } from '../kind.js';
import type { VirtualCluster } from '../virtual-cluster.js';
import { isInScope } from '../watch-hub.js';
import type { ApiRequest } from './api-request.js';
import { readVersion, scopeOf } from './read-handler.js';
import { StaleContinue } from './stale-continue.js';
import { listBody, representationOf } from './representation.js';
import type { ResourcePath } from './request-target.js';

/** Where the next page of a list starts, and of which moment the list is. */
interface Page {
  version: number;
  /** The order key of the last object before this page. */
  after: string;
  isInconsistent: boolean;
}

/** A list's JSON text, one page of it when `limit` asks for pages; every page is of the moment of the first. */
export function listText(cluster: VirtualCluster, at: ResourcePath, request: ApiRequest): string {
  const { query } = request;
  const page = pageOf(query, cluster.store);
  const scope = scopeOf(at, query);
  const kept = objectsOf(cluster.store, at, page).filter((object) => isInScope(scope, object));
  const rest = page.after === '' ? kept : kept.filter((object) => orderKey(object) > page.after);
  const items = rest.slice(0, readLimit(query) || rest.length);
  const left = rest.length - items.length;
  const counts = scope.labels.length + scope.fields.length === 0;
  const metadata = {
    resourceVersion: String(page.version),
    ...(left > 0 ? { continue: tokenOf(page.version, items.at(-1)) } : {}),
    ...(left > 0 && counts ? { remainingItemCount: left } : {}),
  };
  const list = { apiVersion: apiVersionOf(at.kind), metadata, items };
  return JSON.stringify(listBody(cluster, at.kind, list, representationOf(request)));
}

function objectsOf(store: ClusterStore, { kind, namespace }: ResourcePath, page: Page): KubernetesObject[] {
  if (page.isInconsistent || page.version === store.version) return store.list(kind, namespace);
  try {
    return store.listAt(kind, namespace, page.version);
  } catch (error) {
    if (page.after === '' || !(error instanceof FleetError)) throw error;
    throw new StaleContinue(encode({ rv: -1, start: page.after }));
  }
}

function pageOf(query: URLSearchParams, store: ClusterStore): Page {
  const token = query.get('continue') ?? '';
  if (token !== '') return readToken(token, store.version);
  const asked = readVersion(query);
  const isExact = query.get('resourceVersionMatch') === 'Exact';
  if (asked !== undefined) requirePast(asked, store.version);
  return { version: isExact && asked !== undefined ? asked : store.version, after: '', isInconsistent: false };
}

function requirePast(asked: number, current: number): void {
  if (asked <= current) return;
  const message = `Too large resource version: ${asked}, current: ${current}`;
  throw new FleetError('unavailable', 'RESOURCE_VERSION_TOO_LARGE', message, { retryAfterSeconds: 1 });
}

function readToken(token: string, current: number): Page {
  const { rv, start } = decode(token);
  return { version: rv < 0 ? current : rv, after: start, isInconsistent: rv < 0 };
}

function tokenOf(version: number, last: KubernetesObject | undefined): string {
  return encode({ rv: version, start: last === undefined ? '' : orderKey(last) });
}

interface Token {
  /** -1 for "as it is now". */
  rv: number;
  start: string;
}

function encode({ rv, start }: Token): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv, start }), 'utf8').toString('base64url');
}

function decode(token: string): Token {
  try {
    const read: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (isObject(read) && Number.isSafeInteger(read.rv) && typeof read.start === 'string')
      return read as unknown as Token;
  } catch {
    // refused below
  }
  throw badRequest('continue key is not valid');
}

function readLimit(query: URLSearchParams): number {
  const text = query.get('limit') ?? '0';
  if (!/^\d{1,9}$/.test(text)) throw badRequest(`Invalid value: "${text}": limit is not a number`);
  return Number(text);
}

function orderKey({ metadata: { namespace = '', name } }: KubernetesObject): string {
  return `${namespace}/${name}`;
}
