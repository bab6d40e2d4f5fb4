import { CLUSTER_LABEL, serverOf } from '../../clusters/domain/cluster.js';
import type { ClusterRecord } from '../../expansion/reader.js';
import { fit, object, text } from '../../expansion/shape.js';
import { isObject, own } from '../../kernel/json.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { secretData } from '../../kubernetes/secret-data.js';
import { METADATA_SHAPE } from './metadata-shape.js';

type Fields = Record<string, unknown>;

const CLUSTER_SHAPE = object({ metadata: METADATA_SHAPE, spec: object({ server: text, project: text }) });

interface FittedCluster {
  metadata?: { name?: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec?: { server?: string; project?: string };
}

export function isClusterSecret(document: Fields): boolean {
  const metadata = own(document, 'metadata');
  const labels = isObject(metadata) ? own(metadata, 'labels') : undefined;
  return isObject(labels) && own(labels, CLUSTER_LABEL) === 'cluster';
}

/**
 * A cluster Secret as Argo CD's generator reads it, raw: whatever name it has, the server as it is written, all labels
 * and annotations (argocd-behaviour.md 1.2). Throws where the document is malformed; the message repeats no value.
 */
export function clusterOfSecret(document: Fields): ClusterRecord {
  const { metadata = {} } = fitted(document);
  const data = secretData(document as unknown as KubernetesObject);
  return {
    name: data.get('name') ?? '',
    server: data.get('server') ?? '',
    project: data.get('project') ?? '',
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    secret: metadata.name ?? '',
  };
}

export function clusterOfDocument(document: Fields): ClusterRecord {
  const { metadata = {}, spec = {} } = fitted(document);
  const { name = '', labels = {}, annotations = {} } = metadata;
  const server = serverOf(name, spec.server === undefined ? {} : { server: spec.server });
  return { name, server, project: spec.project ?? '', labels: { ...labels, [CLUSTER_LABEL]: 'cluster' }, annotations };
}

function fitted(document: Fields): FittedCluster {
  const { value, wrong } = fit(CLUSTER_SHAPE, document, '');
  const [first] = wrong;
  if (first) throw new Error(first.message.replace(/^\./, ''));
  return value as FittedCluster;
}
