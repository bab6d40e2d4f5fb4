import type { KubernetesObject } from '../../kernel/object.js';
import type { KindDefinition } from '../kind.js';
import { metadataOf, tableOf } from '../printing/table.js';
import type { VirtualCluster } from '../virtual-cluster.js';
import type { ApiRequest } from './api-request.js';

/** In which form a reader wants objects: as they are, as a table to print, or their metadata only. */
export type Representation = 'object' | 'table' | 'metadata';

/** The first form of the Accept header that is served. */
export function representationOf({ accept }: Pick<ApiRequest, 'accept'>): Representation {
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    if (type !== 'application/json' && type !== '*/*' && type !== 'application/*') continue;
    const form = parameters.find((parameter) => parameter.startsWith('as='))?.slice('as='.length);
    if (form !== undefined && !parameters.includes('v=v1')) continue;
    if (form === 'Table') return 'table';
    if (form === 'PartialObjectMetadata' || form === 'PartialObjectMetadataList') return 'metadata';
    if (form === undefined) return 'object';
  }
  return 'object';
}

/** A list's `items` or `rows` under its metadata, in the form that was asked for. */
export function listBody(cluster: VirtualCluster, kind: KindDefinition, list: ObjectList, as: Representation): object {
  const { items, metadata } = list;
  if (as === 'table') return { ...tableOf(kind, items, cluster.clock.now()), metadata };
  if (as === 'metadata') {
    const type = { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' };
    return { ...type, metadata, items: items.map(metadataOf) };
  }
  return { kind: `${kind.kind}List`, apiVersion: list.apiVersion, metadata, items };
}

export interface ObjectList {
  apiVersion: string;
  metadata: object;
  items: readonly KubernetesObject[];
}

/** How a watch or a read tells one object; undefined for the object itself. A watch names the columns once. */
export function viewOf(
  cluster: VirtualCluster,
  kind: KindDefinition,
  as: Representation,
): ((object: KubernetesObject) => object) | undefined {
  if (as === 'object') return undefined;
  if (as === 'metadata') return metadataOf;
  let isFirst = true;
  return (object) => {
    const table = tableOf(kind, [object], cluster.clock.now());
    const { resourceVersion } = object.metadata;
    const body = { ...table, metadata: { resourceVersion }, ...(isFirst ? {} : { columnDefinitions: null }) };
    isFirst = false;
    return body;
  };
}
