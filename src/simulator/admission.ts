import { FleetError, invalid, notFound } from '../kernel/errors.js';
import { isObject, own } from '../kernel/json.js';
import type { KubernetesObject } from '../kernel/object.js';
import { apiVersionOf, resourceName, type KindDefinition } from './kind.js';
import type { KindRegistry } from './kind-registry.js';
import type { ClusterStore } from './cluster-store.js';

export interface Target {
  kind: KindDefinition;
  namespace: string;
  /** '' while a create with generateName has no name yet. */
  name: string;
}

/** Reads an untrusted body as an object of the kind and place that the request path names. Throws when they differ. */
export function readBody(body: unknown, { kind, namespace, name }: Target): KubernetesObject {
  if (!isObject(body)) throw badRequest('the body must be one JSON object');
  const apiVersion = apiVersionOf(kind);
  if ((body.apiVersion ?? apiVersion) !== apiVersion || (body.kind ?? kind.kind) !== kind.kind) {
    const got = `${String(body.apiVersion)} ${String(body.kind)}`;
    throw badRequest(`the object provided is unrecognized: expected ${apiVersion} ${kind.kind}, got ${got}`);
  }
  const metadata = isObject(body.metadata) ? body.metadata : {};
  const named = typeof metadata.name === 'string' ? metadata.name : '';
  if (name !== '' && named !== '' && named !== name) {
    throw badRequest(`the name of the object (${named}) does not match the name on the URL (${name})`);
  }
  if (metadata.namespace !== undefined && (metadata.namespace || '') !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  const { namespace: _dropped, ...rest } = metadata;
  const place = kind.namespaced ? { namespace } : {};
  const object = { ...body, apiVersion, kind: kind.kind, metadata: { ...rest, ...place, name: name || named } };
  return withoutNulls(object) as KubernetesObject;
}

/** A null field of a document says nothing. What holds none is shared, not copied. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(withoutNulls);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  const kept = entries.flatMap(([name, field]) => (field === null ? [] : [[name, withoutNulls(field)] as const]));
  const same = kept.length === entries.length && kept.every(([, field], index) => field === entries[index]?.[1]);
  return same ? value : Object.fromEntries(kept);
}

/** Content needs a namespace that exists and is not on its way out. */
export function requireNamespace(store: ClusterStore, registry: KindRegistry, { kind, namespace, name }: Target): void {
  if (!kind.namespaced) return;
  const namespaces = registry.byKind('v1', 'Namespace');
  const found = namespaces && store.get(namespaces, '', namespace);
  if (found === undefined) throw notFound('namespaces', namespace);
  if (found.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw new FleetError('forbidden', 'NAMESPACE_TERMINATING', `${resourceName(kind)} "${name}" is forbidden: ${why}`);
}

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
/** RBAC names may hold what paths allow. */
const PATH_SEGMENT = /^[^/%]+$/;

export function requireName({ kind, name }: Target): void {
  const pattern = kind.group === 'rbac.authorization.k8s.io' ? PATH_SEGMENT : SUBDOMAIN;
  if (name.length <= 253 && pattern.test(name)) return;
  const message = name === '' ? 'Required value: name or generateName is required' : `Invalid value: "${name}"`;
  throw invalidField({ kind, name }, 'metadata.name', message);
}

export function valueAt(object: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((node, name) => (isObject(node) ? own(node, name) : undefined), object);
}

export function badRequest(message: string): FleetError {
  return new FleetError('malformed', 'BAD_REQUEST', message);
}

function invalidField({ kind, name }: Pick<Target, 'kind' | 'name'>, path: string, message: string): FleetError {
  const resource = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
  return invalid('INVALID_OBJECT', `${resource} "${name}" is invalid: ${path}: ${message}`, [{ path, message }]);
}
