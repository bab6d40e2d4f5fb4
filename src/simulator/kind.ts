import { BUILT_INS, typeNamed, type BuiltInKind } from '../kubernetes/schema/built-in-schema.js';
import type { SchemaType } from '../kubernetes/schema/field-shape.js';
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
  /** Whether replicas are read and set through `scale`. */
  hasScale: boolean;
  /** Names of groups of kinds that `kubectl get` knows, such as `all`. */
  categories: readonly string[];
  /** Whether the API server counts generations of the spec. */
  hasGeneration: boolean;
  rules: MergeRules;
  /** What objects of a built-in kind may hold; a custom resource's definition says it in its own way. */
  type?: SchemaType;
  /** The structural schema of a custom resource, where its definition gives one. */
  schema?: Record<string, unknown>;
  /** Where a custom resource's `scale` finds replicas, as paths: `.spec.replicas`. */
  scalePaths?: { spec: string; status: string };
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

/** Groups whose kinds no delivery and no controller here has to do with. */
const NOT_SERVED: readonly string[] = [
  'apiregistration.k8s.io',
  'certificates.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'resource.k8s.io',
];

/** Kinds whose generation is not counted, though their objects have a spec or are data. */
const WITHOUT_GENERATION: readonly string[] = [
  'ConfigMap',
  'Endpoints',
  'Event',
  'LimitRange',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'ResourceQuota',
  'Secret',
  'Service',
  'ServiceAccount',
  'HorizontalPodAutoscaler',
  'Lease',
  'IPAddress',
  'ServiceCIDR',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'StorageClass',
  'CSINode',
  'CSIStorageCapacity',
  'VolumeAttachment',
];

/** Kinds that every virtual cluster serves from its start; ESO's are there unless the cluster leaves the operator out. */
export function builtInKinds(options: { externalSecrets: boolean }): KindDefinition[] {
  own ??= BUILT_INS.filter(({ group }) => !NOT_SERVED.includes(group)).map(builtIn);
  return options.externalSecrets ? [...own, ...EXTERNAL_SECRETS] : [...own];
}

/** The same for every cluster of the process: made once, as a fleet has many. */
let own: readonly KindDefinition[] | undefined;

function builtIn({ group, version, kind, resource, namespaced, ...rest }: BuiltInKind): KindDefinition {
  return {
    ...{ group, version, kind, namespaced },
    plural: resource,
    singular: kind.toLowerCase(),
    shortNames: rest.shortNames,
    categories: rest.categories,
    hasStatus: rest.subresources.includes('status'),
    hasScale: rest.subresources.includes('scale'),
    hasGeneration: !WITHOUT_GENERATION.includes(kind),
    rules: builtInRules(group, kind),
    type: typeNamed(rest.type),
  };
}

const READY = '.status.conditions[?(@.type=="Ready")]';
const STORE_COLUMNS: readonly PrinterColumn[] = [
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  { name: 'Status', type: 'string', jsonPath: `${READY}.reason` },
  { name: 'Capabilities', type: 'string', jsonPath: '.status.capabilities' },
  { name: 'Ready', type: 'string', jsonPath: `${READY}.status` },
];
const SECRET_COLUMNS: readonly PrinterColumn[] = [
  { name: 'StoreType', type: 'string', jsonPath: '.spec.secretStoreRef.kind' },
  { name: 'Store', type: 'string', jsonPath: '.spec.secretStoreRef.name' },
  { name: 'Refresh Interval', type: 'string', jsonPath: '.spec.refreshInterval' },
  { name: 'Status', type: 'string', jsonPath: `${READY}.reason` },
  { name: 'Ready', type: 'string', jsonPath: `${READY}.status` },
];

/** External Secrets Operator's own kinds, as far as deliveries name them. */
const EXTERNAL_SECRETS: readonly KindDefinition[] = [
  externalSecrets('ClusterSecretStore', 'css', STORE_COLUMNS),
  externalSecrets('SecretStore', 'ss', STORE_COLUMNS),
  externalSecrets('ExternalSecret', 'es', SECRET_COLUMNS),
];

function externalSecrets(kind: string, short: string, printerColumns: readonly PrinterColumn[]): KindDefinition {
  return {
    group: 'external-secrets.io',
    version: 'v1',
    kind,
    plural: `${kind.toLowerCase()}s`,
    singular: kind.toLowerCase(),
    shortNames: [short],
    categories: ['external-secrets'],
    namespaced: !kind.startsWith('Cluster'),
    hasStatus: true,
    hasScale: false,
    hasGeneration: true,
    rules: schemaRules(undefined),
    printerColumns,
  };
}
