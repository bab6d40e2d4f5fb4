import { schemaRules } from '../kubernetes/merge-rules.js';
import type { KindDefinition } from './kind.js';
import type { PrinterColumn } from './printing/defined-columns.js';

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

const PUSH_COLUMNS: readonly PrinterColumn[] = [
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  { name: 'Status', type: 'string', jsonPath: `${READY}.reason` },
];
const CLUSTER_SECRET_COLUMNS: readonly PrinterColumn[] = [
  { name: 'Store', type: 'string', jsonPath: '.spec.externalSecretSpec.secretStoreRef.name' },
  { name: 'Refresh Interval', type: 'string', jsonPath: '.spec.refreshTime' },
  { name: 'Ready', type: 'string', jsonPath: `${READY}.status` },
];

/** External Secrets Operator's own kinds, as far as deliveries name them. */
export const EXTERNAL_SECRETS: readonly KindDefinition[] = [
  externalSecrets({ kind: 'ClusterSecretStore', shortNames: ['css'] }, STORE_COLUMNS),
  externalSecrets({ kind: 'SecretStore', shortNames: ['ss'] }, STORE_COLUMNS),
  externalSecrets({ kind: 'ExternalSecret', shortNames: ['es'] }, SECRET_COLUMNS),
  externalSecrets({ kind: 'ClusterExternalSecret', shortNames: ['ces'] }, CLUSTER_SECRET_COLUMNS),
  externalSecrets({ kind: 'PushSecret', shortNames: ['ps'], version: 'v1alpha1' }, PUSH_COLUMNS),
];

interface Named {
  kind: string;
  shortNames: readonly string[];
  /** Default `v1`. */
  version?: string;
}

function externalSecrets(named: Named, printerColumns: readonly PrinterColumn[]): KindDefinition {
  const { kind, shortNames, version = 'v1' } = named;
  return {
    group: 'external-secrets.io',
    version,
    kind,
    plural: `${kind.toLowerCase()}s`,
    singular: kind.toLowerCase(),
    shortNames,
    categories: ['external-secrets'],
    namespaced: !kind.startsWith('Cluster'),
    hasStatus: true,
    hasScale: false,
    hasGeneration: true,
    rules: schemaRules(undefined),
    printerColumns,
  };
}
