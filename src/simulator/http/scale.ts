import type { KubernetesObject } from '../../kernel/object.js';
import { jsonPatch } from '../../kubernetes/json-patch.js';
import { mergePatch } from '../../kubernetes/merge-patch.js';
import { badRequest } from '../admission.js';
import { record } from '../fill-in.js';
import type { KindDefinition } from '../kind.js';
import { valuesAt } from '../printing/defined-columns.js';
import type { VirtualCluster } from '../virtual-cluster.js';
import type { ApiRequest } from './api-request.js';
import type { ResourcePath } from './request-target.js';

const WORKLOAD_PATHS = { spec: '.spec.replicas', status: '.status.replicas' };

/** A workload seen as an `autoscaling/v1` Scale. */
export function scaleOf({ scalePaths }: KindDefinition, object: KubernetesObject): KubernetesObject {
  const { metadata } = object;
  const paths = scalePaths ?? WORKLOAD_PATHS;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp } as KubernetesObject['metadata'],
    spec: { replicas: valuesAt(object, paths.spec)[0] },
    status: { replicas: valuesAt(object, paths.status)[0] ?? 0 },
  };
}

/** PUT or PATCH of the scale: only the replicas are taken from it. */
export async function writeScale(cluster: VirtualCluster, at: ResourcePath, request: ApiRequest): Promise<object> {
  const body = await request.body();
  const change = (live: KubernetesObject): KubernetesObject => {
    const wanted = record(
      record(request.method === 'PUT' ? body : patched(scaleOf(at.kind, live), body, request)).spec,
    ).replicas;
    if (typeof wanted !== 'number') throw badRequest('spec.replicas must be a number');
    return withReplicas(live, (at.kind.scalePaths ?? WORKLOAD_PATHS).spec, wanted);
  };
  const options = { manager: request.fieldManager, dryRun: request.isDryRun, subresource: 'scale' } as const;
  return scaleOf(at.kind, cluster.counted(() => cluster.writer.modify(at, change, options)).object);
}

/** A copy with the number at a path such as `.spec.replicas`. */
function withReplicas(live: KubernetesObject, path: string, replicas: number): KubernetesObject {
  const names = path.split('.').filter((name) => name !== '');
  const put = (node: unknown, [name = '', ...rest]: string[]): Record<string, unknown> => ({
    ...record(node),
    [name]: rest.length === 0 ? replicas : put(record(node)[name], rest),
  });
  return put(live, names) as KubernetesObject;
}

function patched(scale: KubernetesObject, patch: unknown, { contentType }: ApiRequest): unknown {
  return contentType === 'application/json-patch+json' ? jsonPatch(scale, patch) : mergePatch(scale, patch);
}
