import { FleetError } from '../../kernel/errors.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { jsonPatch } from '../../kubernetes/json-patch.js';
import { mergePatch } from '../../kubernetes/merge-patch.js';
import { strategicMerge } from '../../kubernetes/strategic-merge.js';
import { typeNamed } from '../../kubernetes/schema/built-in-schema.js';
import { badRequest, readBody } from '../admission.js';
import { requireKnownFields, type Decoding } from '../decoding.js';
import { record } from '../fill-in.js';
import { apiVersionOf } from '../kind.js';
import type { DeleteOptions, Propagation } from '../object-deleter.js';
import type { WriteOptions } from '../draft.js';
import type { Written } from '../object-writer.js';
import type { VirtualCluster } from '../virtual-cluster.js';
import { isInScope } from '../watch-hub.js';
import type { ApiRequest } from './api-request.js';
import { scopeOf } from './read-handler.js';
import type { ResourcePath } from './request-target.js';
import { success } from './status-body.js';

/** POST on a collection. */
export async function createObject(cluster: VirtualCluster, at: ResourcePath, request: ApiRequest): Promise<Written> {
  const body = known(readBody(await request.body(at.kind.type), at), { at, request }, 'object');
  return cluster.counted(() => cluster.writer.create(at, body, writeOptions(cluster, at, request)));
}

/** PUT on an object or its status. */
export async function replaceObject(cluster: VirtualCluster, at: ResourcePath, request: ApiRequest): Promise<Written> {
  const body = known(readBody(await request.body(at.kind.type), at), { at, request }, 'object');
  return cluster.counted(() => cluster.writer.replace(at, body, writeOptions(cluster, at, request)));
}

/** PATCH in any of its four forms. */
export async function patchObject(cluster: VirtualCluster, at: ResourcePath, request: ApiRequest): Promise<Written> {
  const patch = await request.body();
  const options = writeOptions(cluster, at, request);
  if (request.contentType.startsWith('application/apply-patch')) {
    if (!request.query.get('fieldManager')) throw badRequest('fieldManager is required for apply patch');
    const force = request.query.get('force') === 'true';
    const config = known(readBody(patch, at), { at, request }, 'apply');
    return cluster.counted(() => cluster.writer.apply(at, config, { ...options, force }));
  }
  const patched = patchFor(at, request.contentType);
  const change = (live: KubernetesObject): KubernetesObject =>
    known(readBody(patched(live, patch), at), { at, request }, 'patch');
  return cluster.counted(() => cluster.writer.modify(at, change, options));
}

const UNSUPPORTED =
  'the body of the request was in an unknown format - accepted media types include: ' +
  'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml';

function patchFor({ kind }: ResourcePath, contentType: string): (live: unknown, patch: unknown) => unknown {
  switch (contentType) {
    case 'application/merge-patch+json':
      return mergePatch;
    case 'application/json-patch+json':
      return jsonPatch;
    case 'application/strategic-merge-patch+json':
      if (kind.rules.patchKey === undefined) throw new FleetError('malformed', 'PATCH_UNSUPPORTED', UNSUPPORTED);
      return (live, patch) => strategicMerge(live, patch, kind.rules);
    default:
      throw badRequest(`the body of the request was in an unknown format - content type "${contentType}"`);
  }
}

/** DELETE on an object: itself while finalizers hold it, otherwise a `Status`. */
export async function deleteObject(cluster: VirtualCluster, at: ResourcePath, request: ApiRequest): Promise<object> {
  const options = await deleteOptions(request);
  const { metadata } = cluster.writer.require(at);
  const held = cluster.counted(() => cluster.deleter.delete(at, options));
  const { group, plural } = at.kind;
  const details = { name: at.name, ...(group === '' ? {} : { group }), kind: plural, ...uidOf(metadata.uid) };
  return held ?? success(details);
}

/** DELETE on a collection: the objects that were deleted or marked, as a list. */
export async function deleteCollection(
  cluster: VirtualCluster,
  at: ResourcePath,
  request: ApiRequest,
): Promise<object> {
  const options = await deleteOptions(request);
  const scope = scopeOf(at, request.query);
  const items = cluster.store.list(at.kind, at.namespace).filter((object) => isInScope(scope, object));
  for (const { metadata } of items) {
    const target = { kind: at.kind, namespace: metadata.namespace ?? '', name: metadata.name };
    cluster.counted(() => cluster.deleter.delete(target, options));
  }
  const metadata = { resourceVersion: String(cluster.store.version) };
  return { kind: `${at.kind.kind}List`, apiVersion: apiVersionOf(at.kind), metadata, items };
}

/** The object, held to the fields of its kind; warnings go with the answer. */
function known(object: KubernetesObject, { at, request }: Asked, form: Decoding['form']): KubernetesObject {
  request.warnings.push(...requireKnownFields(at.kind, object, { form, validation: request.fieldValidation }));
  return object;
}

interface Asked {
  at: ResourcePath;
  request: ApiRequest;
}

function writeOptions({ faults }: VirtualCluster, { subresource }: ResourcePath, request: ApiRequest): WriteOptions {
  const admit = (object: KubernetesObject): void => faults.admit(object);
  const options = { manager: request.fieldManager, dryRun: request.isDryRun, admit };
  return subresource === 'status' ? { ...options, subresource } : options;
}

const DELETE_OPTIONS = typeNamed('DeleteOptions');
const POLICIES: readonly string[] = ['Background', 'Foreground', 'Orphan'];

async function deleteOptions(request: ApiRequest): Promise<DeleteOptions> {
  const body = record(await request.body(DELETE_OPTIONS));
  const { uid, resourceVersion } = record(body.preconditions);
  const policy = body.propagationPolicy ?? request.query.get('propagationPolicy') ?? undefined;
  if (policy !== undefined && !POLICIES.includes(String(policy))) {
    throw new FleetError('invalid', 'PROPAGATION_POLICY', `propagationPolicy: Unsupported value: "${String(policy)}"`);
  }
  const isOrphan = body.orphanDependents === true || request.query.get('orphanDependents') === 'true';
  const propagationPolicy = isOrphan ? 'Orphan' : (policy as Propagation | undefined);
  const isDryRun = request.isDryRun || (Array.isArray(body.dryRun) && body.dryRun.includes('All'));
  const grace = body.gracePeriodSeconds ?? request.query.get('gracePeriodSeconds') ?? undefined;
  if (grace !== undefined && !/^\d{1,9}$/.test(String(grace))) {
    throw new FleetError('invalid', 'GRACE_PERIOD', `gracePeriodSeconds: Invalid value: "${String(grace)}"`);
  }
  return {
    dryRun: isDryRun,
    ...(grace === undefined ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    ...(typeof uid === 'string' ? { uid } : {}),
    ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
  };
}

function uidOf(uid: string | undefined): { uid?: string } {
  return uid === undefined ? {} : { uid };
}
