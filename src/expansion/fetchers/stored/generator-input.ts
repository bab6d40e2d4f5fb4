import { CONTROL_NAMESPACE } from '../../../access/access-object.js';
import { invalid } from '../../../kernel/errors.js';
import { isObject, own, type JsonObject } from '../../../kernel/json.js';
import { groupOf, type KubernetesObject } from '../../../kernel/object.js';

/** Documents whose status lists chosen clusters: by group and kind, whatever the version, with the kind's plural. */
const DECISION_KINDS: ReadonlyMap<string, string> = new Map([
  ['cluster.open-cluster-management.io/PlacementDecision', 'placementdecisions'],
  ['multicluster.x-k8s.io/PlacementDecision', 'placementdecisions'],
  ['apps.open-cluster-management.io/PlacementRule', 'placementrules'],
]);

const SECRET_TYPE = 'argocd.argoproj.io/secret-type';
const LARGEST_BYTES = 1 << 20;

/** Who vouches for the servers of repositories; kept beside what generators read. */
const TRUST = new Set(['argocd-tls-certs-cm', 'argocd-ssh-known-hosts-cm']);

/** Argo CD's other ConfigMaps are settings of the hub, and not for generators. */
export function isGeneratorInput({ apiVersion, kind, metadata }: KubernetesObject): boolean {
  if (apiVersion !== 'v1') return DECISION_KINDS.has(`${groupOf(apiVersion)}/${kind}`);
  if (kind === 'Secret') return own(metadata.labels ?? {}, SECRET_TYPE) === 'scm-creds';
  return kind === 'ConfigMap' && (TRUST.has(metadata.name) || !metadata.name.startsWith('argocd-'));
}

/** The kind behind a plural of a group; undefined where the hub keeps none. */
export function decisionKindOf(apiVersion: string, plural: string): { group: string; kind: string } | undefined {
  const group = groupOf(apiVersion);
  for (const [known, itsPlural] of DECISION_KINDS) {
    const [knownGroup, kind = ''] = known.split('/');
    if (knownGroup === group && itsPlural === plural) return { group, kind };
  }
  return undefined;
}

/** A ConfigMap's data, or a decision's status. Throws INVALID_DOCUMENT. */
export function contentOf(document: KubernetesObject): JsonObject {
  const namespace = document.metadata.namespace ?? CONTROL_NAMESPACE;
  if (namespace !== CONTROL_NAMESPACE) throw faulty(document, 'metadata.namespace', `must be ${CONTROL_NAMESPACE}`);
  const field = document.kind === 'ConfigMap' ? 'data' : 'status';
  const content = own(document, field) ?? {};
  if (!isObject(content)) throw faulty(document, field, 'must be an object');
  const isText = Object.values(content).every((value) => typeof value === 'string');
  if (field === 'data' && !isText) throw faulty(document, field, 'must be a map of strings');
  if (JSON.stringify(content).length > LARGEST_BYTES)
    throw faulty(document, field, `is at most ${LARGEST_BYTES} bytes`);
  return content as JsonObject;
}

function faulty({ kind }: KubernetesObject, path: string, message: string): Error {
  return invalid('INVALID_DOCUMENT', `the ${kind} is invalid: ${path} ${message}`, [{ path, message }]);
}
