import type { PrinterColumn } from './printing/defined-columns.js';
import { builtInRules, schemaRules, type MergeRules } from '../kubernetes/merge-rules.js';

/** One served kind of a virtual cluster, in one version. */
export interface KindDefinition {
  group: string;
  version: string;
  kind: string;
  /** The name in paths: `deployments`. */
  plural: string;
  singular: string;
  shortNames: readonly string[];
  namespaced: boolean;
  /** Whether status is written through its own subresource only. */
  hasStatus: boolean;
  /** Whether the API server counts generations of the spec. */
  hasGeneration: boolean;
  rules: MergeRules;
  /** Columns of a custom resource's table after the name; a built-in kind's are known. */
  printerColumns?: readonly PrinterColumn[];
  /** Fields of a custom resource that lists may select by, beside its name. */
  selectableFields?: readonly string[];
}

export const apiVersionOf = ({ group, version }: Pick<KindDefinition, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`;

/** `deployments.apps`, `pods`: a kind's store and the way messages name it, whatever the version. */
export const resourceName = ({ group, plural }: Pick<KindDefinition, 'group' | 'plural'>): string =>
  group === '' ? plural : `${plural}.${group}`;

interface BuiltIn {
  kind: string;
  plural?: string;
  short?: string[];
  clusterScoped?: true;
  status?: true;
  generation?: true;
  version?: string;
}

/** Kinds that every virtual cluster serves from its start; ESO's are there unless the cluster leaves the operator out. */
export function builtInKinds(options: { externalSecrets: boolean }): KindDefinition[] {
  const groups = Object.entries(options.externalSecrets ? { ...GROUPS, ...EXTERNAL_SECRETS } : GROUPS);
  return groups.flatMap(([group, kinds]) => kinds.map((entry) => definition(group, entry)));
}

function definition(group: string, entry: BuiltIn): KindDefinition {
  const singular = entry.kind.toLowerCase();
  return {
    group,
    version: entry.version ?? (group === 'autoscaling' ? 'v2' : 'v1'),
    kind: entry.kind,
    plural: entry.plural ?? `${singular}s`,
    singular,
    shortNames: entry.short ?? [],
    namespaced: entry.clusterScoped !== true,
    hasStatus: entry.status === true,
    hasGeneration: entry.generation === true,
    rules: Object.hasOwn(EXTERNAL_SECRETS, group) ? schemaRules(undefined) : builtInRules(group, entry.kind),
  };
}

const workload = { status: true, generation: true } as const;

const GROUPS: Readonly<Record<string, BuiltIn[]>> = {
  '': [
    { kind: 'Namespace', short: ['ns'], clusterScoped: true, status: true },
    { kind: 'Node', short: ['no'], clusterScoped: true, status: true },
    { kind: 'PersistentVolume', short: ['pv'], clusterScoped: true, status: true },
    { kind: 'ConfigMap', short: ['cm'] },
    { kind: 'Secret' },
    { kind: 'Service', short: ['svc'], status: true },
    { kind: 'ServiceAccount', short: ['sa'] },
    { kind: 'Pod', short: ['po'], ...workload },
    { kind: 'PersistentVolumeClaim', short: ['pvc'], status: true },
    { kind: 'Event', short: ['ev'] },
    { kind: 'Endpoints', plural: 'endpoints', short: ['ep'] },
    { kind: 'LimitRange', short: ['limits'] },
    { kind: 'ResourceQuota', short: ['quota'], status: true },
  ],
  'admissionregistration.k8s.io': [
    { kind: 'MutatingWebhookConfiguration', clusterScoped: true, generation: true },
    { kind: 'ValidatingWebhookConfiguration', clusterScoped: true, generation: true },
  ],
  'apiextensions.k8s.io': [
    { kind: 'CustomResourceDefinition', short: ['crd', 'crds'], clusterScoped: true, ...workload },
  ],
  apps: [
    { kind: 'Deployment', short: ['deploy'], ...workload },
    { kind: 'StatefulSet', short: ['sts'], ...workload },
    { kind: 'DaemonSet', short: ['ds'], ...workload },
    { kind: 'ReplicaSet', short: ['rs'], ...workload },
  ],
  autoscaling: [{ kind: 'HorizontalPodAutoscaler', short: ['hpa'], status: true }],
  batch: [
    { kind: 'Job', ...workload },
    { kind: 'CronJob', short: ['cj'], ...workload },
  ],
  'coordination.k8s.io': [{ kind: 'Lease' }],
  'networking.k8s.io': [
    { kind: 'Ingress', plural: 'ingresses', short: ['ing'], ...workload },
    { kind: 'IngressClass', plural: 'ingressclasses', clusterScoped: true, generation: true },
    { kind: 'NetworkPolicy', plural: 'networkpolicies', short: ['netpol'], generation: true },
  ],
  policy: [{ kind: 'PodDisruptionBudget', short: ['pdb'], ...workload }],
  'rbac.authorization.k8s.io': [
    { kind: 'ClusterRole', clusterScoped: true },
    { kind: 'ClusterRoleBinding', clusterScoped: true },
    { kind: 'Role' },
    { kind: 'RoleBinding' },
  ],
  'scheduling.k8s.io': [
    { kind: 'PriorityClass', plural: 'priorityclasses', short: ['pc'], clusterScoped: true, generation: true },
  ],
  'storage.k8s.io': [{ kind: 'StorageClass', plural: 'storageclasses', short: ['sc'], clusterScoped: true }],
};

const EXTERNAL_SECRETS: Readonly<Record<string, BuiltIn[]>> = {
  'external-secrets.io': [
    { kind: 'ClusterSecretStore', short: ['css'], clusterScoped: true, ...workload },
    { kind: 'SecretStore', short: ['ss'], ...workload },
    { kind: 'ExternalSecret', short: ['es'], ...workload },
  ],
};
