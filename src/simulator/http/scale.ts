import type { KubernetesObject } from '../../kernel/object.js';
import { jsonPatch } from '../../kubernetes/json-patch.js';
import { mergePatch } from '../../kubernetes/merge-patch.js';
import { badRequest } from '../admission.js';
import { record } from '../fill-in.js';
import type { VirtualCluster } from '../virtual-cluster.js';
import type { ApiRequest } from './api-request.js';
import type { ResourcePath } from './request-target.js';

/** A workload seen as an `autoscaling/v1` Scale. */
export function scaleOf({ metadata, spec, status }: KubernetesObject): KubernetesObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp } as KubernetesObject['metadata'],
    spec: { replicas: record(spec).replicas },
    status: { replicas: record(status).replicas ?? 0 },
  };
}

/** PUT or PATCH of the scale: only the replicas are taken from it. */
export async function writeScale(cluster: VirtualCluster, at: ResourcePath, request: ApiRequest): Promise<object> {
  const body = await request.body();
  const change = (live: KubernetesObject): KubernetesObject => {
    const wanted = record(
      record(request.method === 'PUT' ? body : patched(scaleOf(live), body, request)).spec,
    ).replicas;
    if (typeof wanted !== 'number') throw badRequest('spec.replicas must be a number');
    return { ...live, spec: { ...record(live.spec), replicas: wanted } };
  };
  const options = { manager: request.fieldManager, dryRun: request.isDryRun, subresource: 'scale' } as const;
  return scaleOf(cluster.counted(() => cluster.writer.modify(at, change, options)).object);
}

function patched(scale: KubernetesObject, patch: unknown, { contentType }: ApiRequest): unknown {
  return contentType === 'application/json-patch+json' ? jsonPatch(scale, patch) : mergePatch(scale, patch);
}
