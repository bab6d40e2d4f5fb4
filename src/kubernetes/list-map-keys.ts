type ListRule = readonly string[] | 'set';
type ListRules = Readonly<Record<string, ListRule>>;

/**
 * How a list of a built-in kind is merged: by these keys of its items, as a set of scalars, or (undefined) as one
 * atomic value. `path` holds field names only; list levels are skipped. Facts of the OpenAPI schema of Kubernetes 1.36.
 * A custom resource's lists are described by its definition, not here: only its metadata is known.
 */
export function listMapKeys(group: string, kind: string, path: readonly string[]): ListRule | undefined {
  if (path[0] === 'metadata') return ruleAt(METADATA, path, 1);
  const id = `${group}/${kind}`;
  const own = Object.hasOwn(OF_KIND, id) ? ruleAt(OF_KIND[id] ?? {}, path, 0) : undefined;
  if (own !== undefined) return own;
  const template = Object.hasOwn(POD_TEMPLATE_AT, id) ? POD_TEMPLATE_AT[id] : undefined;
  if (template === undefined || !startsWith(path, template)) return undefined;
  const half = path[template.length];
  if (half === 'metadata') return ruleAt(METADATA, path, template.length + 1);
  return half === 'spec' ? ruleAt(POD_SPEC, path, template.length + 1) : undefined;
}

function ruleAt(rules: ListRules, path: readonly string[], from: number): ListRule | undefined {
  const key = path.slice(from).join('.');
  return Object.hasOwn(rules, key) ? rules[key] : undefined;
}

function startsWith(path: readonly string[], prefix: readonly string[]): boolean {
  return path.length > prefix.length && prefix.every((name, index) => path[index] === name);
}

const METADATA: ListRules = { finalizers: 'set', ownerReferences: ['uid'] };

const CONTAINER: ListRules = {
  '': ['name'],
  '.env': ['name'],
  '.ports': ['containerPort', 'protocol'],
  '.resources.claims': ['name'],
  '.volumeDevices': ['devicePath'],
  '.volumeMounts': ['mountPath'],
};

/** The same rules under each of several fields of the pod. */
function under(fields: readonly string[], rules: ListRules): ListRules {
  const pairs = fields.flatMap((field) => Object.entries(rules).map(([path, rule]) => [field + path, rule] as const));
  return Object.fromEntries(pairs);
}

const POD_SPEC: ListRules = {
  ...under(['containers', 'initContainers', 'ephemeralContainers'], CONTAINER),
  hostAliases: ['ip'],
  imagePullSecrets: ['name'],
  resourceClaims: ['name'],
  'resources.claims': ['name'],
  schedulingGates: ['name'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
  volumes: ['name'],
  'volumes.ephemeral.volumeClaimTemplate.metadata.finalizers': 'set',
  'volumes.ephemeral.volumeClaimTemplate.metadata.ownerReferences': ['uid'],
};

/** Where the `{metadata, spec}` of a pod sits in each kind that carries one. */
const POD_TEMPLATE_AT: Readonly<Record<string, readonly string[]>> = {
  '/Pod': [],
  '/PodTemplate': ['template'],
  '/ReplicationController': ['spec', 'template'],
  'apps/Deployment': ['spec', 'template'],
  'apps/StatefulSet': ['spec', 'template'],
  'apps/DaemonSet': ['spec', 'template'],
  'apps/ReplicaSet': ['spec', 'template'],
  'batch/Job': ['spec', 'template'],
  'batch/CronJob': ['spec', 'jobTemplate', 'spec', 'template'],
};

const CONDITIONS: ListRules = { 'status.conditions': ['type'] };
const WEBHOOKS: ListRules = { webhooks: ['name'], 'webhooks.matchConditions': ['name'] };

const OF_KIND: Readonly<Record<string, ListRules>> = {
  '/Namespace': CONDITIONS,
  '/Node': { ...CONDITIONS, 'spec.podCIDRs': 'set', 'status.addresses': ['type'] },
  '/PersistentVolumeClaim': CONDITIONS,
  '/Pod': { ...CONDITIONS, 'status.podIPs': ['ip'], 'status.resourceClaimStatuses': ['name'] },
  '/ReplicationController': CONDITIONS,
  '/Service': { ...CONDITIONS, 'spec.ports': ['port', 'protocol'] },
  '/ServiceAccount': { secrets: ['name'] },
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': { 'spec.matchConditions': ['name'] },
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': WEBHOOKS,
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': {
    ...CONDITIONS,
    'spec.matchConditions': ['name'],
    'spec.variables': ['name'],
  },
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': { 'spec.validationActions': 'set' },
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': WEBHOOKS,
  'apiextensions.k8s.io/CustomResourceDefinition': CONDITIONS,
  'apiregistration.k8s.io/APIService': CONDITIONS,
  'apps/DaemonSet': CONDITIONS,
  'apps/Deployment': CONDITIONS,
  'apps/ReplicaSet': CONDITIONS,
  'apps/StatefulSet': CONDITIONS,
  'autoscaling/HorizontalPodAutoscaler': CONDITIONS,
  'batch/CronJob': {
    'spec.jobTemplate.metadata.finalizers': 'set',
    'spec.jobTemplate.metadata.ownerReferences': ['uid'],
  },
  'batch/Job': { 'status.uncountedTerminatedPods.failed': 'set', 'status.uncountedTerminatedPods.succeeded': 'set' },
  'certificates.k8s.io/CertificateSigningRequest': CONDITIONS,
  'flowcontrol.apiserver.k8s.io/FlowSchema': CONDITIONS,
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': CONDITIONS,
  'networking.k8s.io/ServiceCIDR': CONDITIONS,
  'policy/PodDisruptionBudget': CONDITIONS,
  'storage.k8s.io/CSIDriver': { 'spec.volumeLifecycleModes': 'set' },
  'storage.k8s.io/CSINode': { 'spec.drivers': ['name'] },
};
