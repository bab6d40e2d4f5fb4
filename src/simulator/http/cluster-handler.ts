import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { FleetError } from '../../kernel/errors.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { reviewed } from '../reviews.js';
import type { VirtualCluster } from '../virtual-cluster.js';
import { act, isAction } from './actions.js';
import type { ApiRequest } from './api-request.js';
import { discoveryAt } from './discovery.js';
import { openApiAt } from './openapi.js';
import { serveLog } from './log-handler.js';
import { listText } from './list-handler.js';
import { readObject, serveWatch, type Exchange } from './read-handler.js';
import { representationOf, viewOf } from './representation.js';
import { parseResourcePath, type ResourcePath } from './request-target.js';
import { scaleOf, writeScale } from './scale.js';
import { failure, statusOf, type StatusDetails } from './status-body.js';
import { createObject, deleteCollection, deleteObject, patchObject, replaceObject } from './write-handler.js';

const JSON_TYPE = 'application/json';
const MEDIA_TYPES = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Answers one request to one cluster's API. */
export async function serveCluster(
  cluster: VirtualCluster,
  request: ApiRequest,
  response: ServerResponse,
): Promise<void> {
  const at = parseResourcePath(request.path, cluster.registry);
  try {
    count(cluster, request, at);
    if (request.bearer !== cluster.token) throw new FleetError('unauthenticated', 'UNAUTHENTICATED', 'Unauthorized');
    if (await meetFault(cluster, request, response)) return;
    if (at === undefined) serveRoot(cluster, request, response);
    else await serveResource({ cluster, request, response }, at);
  } catch (error) {
    const body = statusOf(error, at === undefined ? {} : detailsOf(at));
    sendJson(response, body.code, body);
  }
}

function count({ counters }: VirtualCluster, request: ApiRequest, at: ResourcePath | undefined): void {
  counters.requests++;
  const verb = verbOf(request, at);
  counters.byVerb[verb] = (counters.byVerb[verb] ?? 0) + 1;
}

function verbOf(request: ApiRequest, at: ResourcePath | undefined): string {
  if (at === undefined) return 'discovery';
  if (request.method !== 'GET') return request.method.toLowerCase();
  if (request.wantsWatch) return 'watch';
  return at.name === '' ? 'list' : 'get';
}

/** Whether a planted fault took the place of the answer. */
async function meetFault(cluster: VirtualCluster, request: ApiRequest, response: ServerResponse): Promise<boolean> {
  const fault = cluster.faults.take(request.method, request.path);
  if (fault?.delayMs !== undefined) await delay(fault.delayMs);
  if (fault?.status === undefined) return false;
  const { status, retryAfterSeconds } = fault;
  const [reason, message] = FAULT_WORDS[status] ?? ['InternalError', 'a planted fault'];
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', String(retryAfterSeconds));
  const body = failure(status, reason, message);
  sendJson(response, status, retryAfterSeconds === undefined ? body : { ...body, details: { retryAfterSeconds } });
  return true;
}

const FAULT_WORDS: Readonly<Record<number, readonly [reason: string, message: string]>> = {
  401: ['Unauthorized', 'Unauthorized'],
  403: ['Forbidden', 'forbidden: a planted fault'],
  409: ['Conflict', 'Operation cannot be fulfilled: a planted fault'],
  429: ['TooManyRequests', 'too many requests, please try again later: a planted fault'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request: a planted fault'],
  504: ['Timeout', 'the server was unable to return a response in time: a planted fault'],
};

/** kubectl asks for it, as protobuf, before it applies a `List`; a document without definitions checks nothing. */
const EMPTY_OPENAPI_V2: TextAnswer = {
  code: 200,
  contentType: 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
  text: '',
};

function serveRoot(cluster: VirtualCluster, request: ApiRequest, response: ServerResponse): void {
  if (['/healthz', '/livez', '/readyz'].includes(request.path))
    return sendText(response, { code: 200, contentType: 'text/plain', text: 'ok' });
  if (request.path === '/openapi/v2') return sendText(response, EMPTY_OPENAPI_V2);
  const aggregated = request.accept.includes('as=APIGroupDiscoveryList');
  const body = discoveryAt(cluster, request.path, aggregated) ?? openApiAt(cluster, request.path);
  if (body === undefined) {
    const missing = failure(404, 'NotFound', 'the server could not find the requested resource');
    return sendJson(response, 404, missing);
  }
  const isAggregated = aggregated && 'items' in body;
  const contentType = isAggregated ? AGGREGATED : JSON_TYPE;
  sendText(response, { code: 200, contentType, text: JSON.stringify(body) });
}

async function serveResource(exchange: Exchange, at: ResourcePath): Promise<void> {
  const { cluster, request, response } = exchange;
  if (at.subresource === 'scale' && at.kind.hasScale) {
    const isRead = request.method === 'GET';
    return sendJson(
      response,
      200,
      isRead ? scaleOf(at.kind, readObject(cluster, at)) : await writeScale(cluster, at, request),
    );
  }
  if (at.kind.isReview) return answerReview(exchange, at);
  if (isAction(at)) return sendJson(response, 201, await act(exchange, at));
  if (at.subresource === 'log' && at.kind.kind === 'Pod' && at.kind.group === '') return serveLog(exchange, at);
  if (at.subresource !== '' && !(at.subresource === 'status' && at.kind.hasStatus)) {
    throw new FleetError('not-found', 'NOT_FOUND', 'the server could not find the requested resource');
  }
  if (request.method === 'GET') return serveRead(exchange, at);
  if (!request.isReadable(at.kind.type) && request.method !== 'DELETE') {
    const message = `the body of the request was in an unknown format - accepted media types include: ${MEDIA_TYPES}`;
    return sendJson(response, 415, failure(415, 'UnsupportedMediaType', message));
  }
  const [code, body] = await write(cluster, at, request);
  if (request.warnings.length > 0) response.setHeader('warning', request.warnings.map(warningText));
  sendJson(response, code, body);
}

/** A question about rights: only asked, never read. */
async function answerReview({ request, response }: Exchange, at: ResourcePath): Promise<void> {
  if (request.method !== 'POST' || at.name !== '') {
    return sendJson(response, 405, failure(405, 'MethodNotAllowed', NOT_ALLOWED));
  }
  sendJson(response, 201, reviewed(at.kind, (await request.body(at.kind.type)) as KubernetesObject));
}

function serveRead(exchange: Exchange, at: ResourcePath): void {
  const { cluster, request, response } = exchange;
  if (request.wantsWatch) return serveWatch(exchange, at);
  if (at.name !== '') {
    const object = readObject(cluster, at);
    return sendJson(response, 200, viewOf(cluster, at.kind, representationOf(request))?.(object) ?? object);
  }
  sendText(response, { code: 200, contentType: JSON_TYPE, text: listText(cluster, at, request) });
}

/** As RFC 7234 spells a warning that kubectl prints. */
const warningText = (words: string): string => `299 - ${JSON.stringify(words)}`;

/** Carries a write out; answers the HTTP status and the body. */
async function write(cluster: VirtualCluster, at: ResourcePath, request: ApiRequest): Promise<[number, object]> {
  const isObject = at.name !== '';
  switch (request.method) {
    case 'POST':
      if (!isObject) return [201, (await createObject(cluster, at, request)).object];
      break;
    case 'PUT':
      if (isObject) return [200, (await replaceObject(cluster, at, request)).object];
      break;
    case 'PATCH': {
      if (!isObject) break;
      const { object, created } = await patchObject(cluster, at, request);
      return [created ? 201 : 200, object];
    }
    case 'DELETE':
      return [200, isObject ? await deleteObject(cluster, at, request) : await deleteCollection(cluster, at, request)];
  }
  return [405, failure(405, 'MethodNotAllowed', NOT_ALLOWED)];
}

const NOT_ALLOWED = 'the server does not allow this method on the requested resource';

function detailsOf({ kind, name }: ResourcePath): StatusDetails {
  const group = kind.group === '' ? {} : { group: kind.group };
  return { ...(name === '' ? {} : { name }), ...group, kind: kind.plural };
}

export function sendJson(response: ServerResponse, code: number, body: object): void {
  sendText(response, { code, contentType: JSON_TYPE, text: JSON.stringify(body) });
}

interface TextAnswer {
  code: number;
  contentType: string;
  text: string;
}

function sendText(response: ServerResponse, { code, contentType, text }: TextAnswer): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(code, { 'content-type': contentType, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
