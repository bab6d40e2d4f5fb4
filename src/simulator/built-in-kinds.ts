import { builtInRules } from '../kubernetes/merge-rules.js';
import { BUILT_INS, typeNamed, type BuiltInKind } from '../kubernetes/schema/built-in-schema.js';
import { fromCoreEvent, toCoreEvent } from './events/event-versions.js';
import { EXTERNAL_SECRETS } from './external-secrets-kinds.js';
import type { KindDefinition } from './kind.js';
import { REVIEWS } from './reviews.js';

/** Groups whose kinds no delivery and no controller here has to do with. */
const NOT_SERVED: readonly string[] = [
  'apiregistration.k8s.io',
  'certificates.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'resource.k8s.io',
];

/** Kinds whose generation is not counted, though their objects have a spec or are data. */
const WITHOUT_GENERATION: readonly string[] = [
  'ConfigMap',
  'ControllerRevision',
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
  own ??= withTwins([...BUILT_INS.filter(({ group }) => !NOT_SERVED.includes(group)).map(builtIn), ...REVIEWS]);
  return options.externalSecrets ? [...own, ...EXTERNAL_SECRETS] : [...own];
}

/** The same for every cluster of the process: made once, as a fleet has many. */
let own: readonly KindDefinition[] | undefined;

/** Events are stored once, whichever group they are asked for in. */
function withTwins(kinds: readonly KindDefinition[]): KindDefinition[] {
  const event = kinds.find(({ group, kind }) => group === '' && kind === 'Event');
  return kinds.map((kind) => {
    const isTwin = event !== undefined && kind.group === 'events.k8s.io';
    return isTwin ? { ...kind, twin: { of: event, toStored: toCoreEvent, fromStored: fromCoreEvent } } : kind;
  });
}

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
