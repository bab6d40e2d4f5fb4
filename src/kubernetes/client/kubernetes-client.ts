import { unavailable } from '../../kernel/errors.js';
import { isObject, own } from '../../kernel/json.js';
import { readLines } from '../../kernel/lines.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { apiVersionOf, resourcePath, type ApiResource } from './api-resource.js';
import type { KubernetesConnection } from './connection.js';
import { KubernetesHttp } from './http.js';
import { apiErrorOf, isNotFound } from './kubernetes-api-error.js';

export const FIELD_MANAGER = 'fleetwright';
const PAGE = 500;
const LONGEST_EVENT = 16 * 1024 * 1024;

export interface ObjectList {
  items: KubernetesObject[];
  /** Where a watch goes on from. */
  resourceVersion: string;
}

export interface ResourceEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  object: KubernetesObject;
}

export interface DeleteOptions {
  propagationPolicy?: 'Foreground' | 'Background' | 'Orphan';
  /** The delete is refused (409) when the object is another one, or has changed since it was looked at. */
  preconditions?: { uid?: string; resourceVersion?: string };
}

/**
 * An untyped client of one Kubernetes API: objects come and go as they are, unknown fields included. Every call throws
 * KubernetesApiError when the API refuses; a lost connection is undici's error.
 */
export class KubernetesClient {
  private readonly http: KubernetesHttp;

  constructor(connection: KubernetesConnection, options: { connections?: number } = {}) {
    this.http = new KubernetesHttp(connection, options.connections ?? 8);
  }

  /** Any GET of the API that answers JSON: discovery, version. */
  read(path: string): Promise<unknown> {
    return this.http.json({ method: 'GET', path });
  }

  /** Undefined when there is no such object. */
  async get(resource: ApiResource, namespace: string, name: string): Promise<KubernetesObject | undefined> {
    try {
      return asObject(await this.read(resourcePath(resource, { namespace, name })));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** All objects of a kind, read page by page. */
  async list(resource: ApiResource, where: { namespace?: string; labelSelector?: string } = {}): Promise<ObjectList> {
    const path = resourcePath(resource, where.namespace === undefined ? {} : { namespace: where.namespace });
    const list: ObjectList = { items: [], resourceVersion: '' };
    let next = '';
    do {
      const query = {
        limit: String(PAGE),
        ...selector(where.labelSelector),
        ...(next === '' ? {} : { continue: next }),
      };
      const page = await this.http.json({ method: 'GET', path, query });
      for (const item of items(page)) list.items.push(withType(item, resource));
      list.resourceVersion = listMeta(page, 'resourceVersion');
      next = listMeta(page, 'continue');
    } while (next !== '');
    return list;
  }

  async create(resource: ApiResource, object: KubernetesObject): Promise<KubernetesObject> {
    const { namespace } = object.metadata;
    const path = resourcePath(resource, namespace === undefined ? {} : { namespace });
    return asObject(
      await this.http.json({ method: 'POST', path, body: object, query: { fieldManager: FIELD_MANAGER } }),
    );
  }

  /** Server-side apply as our field manager; fields that others own are taken over. */
  async apply(
    resource: ApiResource,
    object: KubernetesObject,
    options: { dryRun?: boolean } = {},
  ): Promise<KubernetesObject> {
    const answer = await this.http.json({
      method: 'PATCH',
      path: pathOf(resource, object),
      query: { fieldManager: FIELD_MANAGER, force: 'true', ...(options.dryRun ? { dryRun: 'All' } : {}) },
      contentType: 'application/apply-patch+yaml',
      body: object,
    });
    return asObject(answer);
  }

  /** A JSON merge patch (RFC 7396). */
  async patch(
    resource: ApiResource,
    place: { namespace: string; name: string },
    change: unknown,
  ): Promise<KubernetesObject> {
    const answer = await this.http.json({
      method: 'PATCH',
      path: resourcePath(resource, place),
      query: { fieldManager: FIELD_MANAGER },
      contentType: 'application/merge-patch+json',
      body: change,
    });
    return asObject(answer);
  }

  /** False when there was nothing to delete. The object may live on until its finalizers are done. */
  async delete(
    resource: ApiResource,
    place: { namespace: string; name: string },
    options: DeleteOptions = {},
  ): Promise<boolean> {
    try {
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', ...options };
      await this.http.json({ method: 'DELETE', path: resourcePath(resource, place), body });
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  /** Changes since a resourceVersion, until the server ends the stream. Throws 410 when that version is too old. */
  async *watch(
    resource: ApiResource,
    from: { resourceVersion: string; labelSelector?: string; timeoutSeconds: number; signal: AbortSignal },
  ): AsyncGenerator<ResourceEvent> {
    const path = resourcePath(resource);
    const bytes = await this.http.stream({
      method: 'GET',
      path,
      query: {
        watch: 'true',
        allowWatchBookmarks: 'true',
        resourceVersion: from.resourceVersion,
        timeoutSeconds: String(from.timeoutSeconds),
        ...selector(from.labelSelector),
      },
      signal: from.signal,
    });
    for await (const line of readLines(bytes, LONGEST_EVENT)) yield eventOf(JSON.parse(line), `WATCH ${path}`);
  }

  close(): Promise<void> {
    return this.http.close();
  }
}

function pathOf(resource: ApiResource, { metadata }: KubernetesObject): string {
  const { namespace, name } = metadata;
  return resourcePath(resource, namespace === undefined ? { name } : { namespace, name });
}

function selector(labelSelector: string | undefined): Record<string, string> {
  return labelSelector === undefined ? {} : { labelSelector };
}

function items(page: unknown): Record<string, unknown>[] {
  const list = isObject(page) ? own(page, 'items') : undefined;
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function listMeta(page: unknown, name: string): string {
  const metadata = isObject(page) ? own(page, 'metadata') : undefined;
  const value = isObject(metadata) ? own(metadata, name) : undefined;
  return typeof value === 'string' ? value : '';
}

/** Items of built-in lists come without apiVersion and kind. */
function withType(item: Record<string, unknown>, resource: ApiResource): KubernetesObject {
  return { ...item, apiVersion: apiVersionOf(resource), kind: resource.kind } as KubernetesObject;
}

function asObject(value: unknown): KubernetesObject {
  if (isObject(value) && isObject(own(value, 'metadata'))) return value as unknown as KubernetesObject;
  throw unavailable('NOT_AN_OBJECT', 'the Kubernetes API answered with something that is not an object');
}

function eventOf(line: unknown, request: string): ResourceEvent {
  const type = isObject(line) ? own(line, 'type') : undefined;
  const object = isObject(line) ? own(line, 'object') : undefined;
  if (type === 'ERROR') {
    const code = isObject(object) ? own(object, 'code') : undefined;
    throw apiErrorOf(typeof code === 'number' ? code : 500, object, request);
  }
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED' && type !== 'BOOKMARK') {
    throw unavailable('WATCH_EVENT', `${request}: an event of the unknown type ${JSON.stringify(type)}`);
  }
  return { type, object: asObject(object) };
}
