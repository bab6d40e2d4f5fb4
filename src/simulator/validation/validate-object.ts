import { isObject, jsonEqual, own } from '../../kernel/json.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { valueAt } from '../admission.js';
import { list, record, type Fields } from '../fill-in.js';
import type { KindDefinition } from '../kind.js';
import { validateBySchema } from '../custom-resources/validate-resource.js';
import { FaultList } from './fault-list.js';
import { RESTART_POLICIES, validatePodSpec, validatePodUpdate, validatePort } from './pod-spec.js';

/** Throws INVALID_OBJECT with every fault of an object of a built-in kind, and of its change where there was one before. */
export function requireValid(kind: KindDefinition, object: KubernetesObject, live: KubernetesObject | undefined): void {
  const faults = new FaultList();
  const id = `${kind.group}/${kind.kind}`;
  const validate = Object.hasOwn(RULES, id) ? RULES[id] : undefined;
  validate?.(object, faults, live);
  if (kind.schema !== undefined) validateBySchema(object, kind.schema, { path: '', faults });
  if (live !== undefined) validateFixed(id, live, object, faults);
  validateMetadata(object, faults);
  faults.throwFor({ kind, name: object.metadata.name });
}

type Validate = (object: KubernetesObject, faults: FaultList, live: KubernetesObject | undefined) => void;

const specOf = (object: KubernetesObject): Fields => record(object.spec);

const RULES: Readonly<Record<string, Validate>> = {
  '/Pod': validatePod,
  '/PodTemplate': (object, faults) =>
    validateTemplate(record(object.template), { path: 'template', restartPolicies: RESTART_POLICIES }, faults),
  '/Service': validateService,
  '/ConfigMap': validateData,
  '/Secret': validateData,
  '/PersistentVolumeClaim': validateClaim,
  'apps/Deployment': workload(['Always']),
  'apps/ReplicaSet': workload(['Always']),
  'apps/StatefulSet': workload(['Always']),
  'apps/DaemonSet': workload(['Always']),
  'batch/Job': validateJob,
  'batch/CronJob': (object, faults) => {
    const job = record(record(specOf(object).jobTemplate).spec);
    faults.required('spec.schedule', specOf(object).schedule);
    validateTemplate(
      record(job.template),
      { path: 'spec.jobTemplate.spec.template', restartPolicies: ['OnFailure', 'Never'] },
      faults,
    );
  },
  'networking.k8s.io/Ingress': (object, faults) => {
    const { rules, defaultBackend } = specOf(object);
    if (list(rules).length > 0 || defaultBackend !== undefined) return;
    faults.add('spec', 'Invalid value: []: either `defaultBackend` or `rules` must be specified');
  },
  'apiextensions.k8s.io/CustomResourceDefinition': (object, faults) => {
    const { names, group, versions } = specOf(object);
    const wanted = `${String(record(names).plural)}.${String(group)}`;
    if (object.metadata.name !== wanted) {
      const given = JSON.stringify(object.metadata.name);
      faults.add('metadata.name', `Invalid value: ${given}: must be spec.names.plural+"."+spec.group`);
    }
    const stored = list(versions).filter((version) => record(version).storage === true);
    if (stored.length !== 1) {
      faults.add('spec.versions', 'Invalid value: must have exactly one version marked as storage version');
    }
  },
  'policy/PodDisruptionBudget': (object, faults) => {
    const { minAvailable, maxUnavailable } = specOf(object);
    if (minAvailable === undefined || maxUnavailable === undefined) return;
    faults.add('spec', 'Invalid value: minAvailable and maxUnavailable cannot be both set');
  },
  'autoscaling/HorizontalPodAutoscaler': (object, faults) => {
    const { minReplicas, maxReplicas } = specOf(object);
    if (Number(maxReplicas ?? 0) < 1) faults.add('spec.maxReplicas', 'Invalid value: must be greater than 0');
    if (Number(maxReplicas) < Number(minReplicas)) {
      faults.add(
        'spec.maxReplicas',
        `Invalid value: ${String(maxReplicas)}: must be greater than or equal to \`minReplicas\``,
      );
    }
  },
};

function workload(restartPolicies: readonly string[]): Validate {
  return (object, faults) => {
    const { selector, template, replicas, strategy, updateStrategy } = specOf(object);
    validateStrategy(
      record(strategy ?? updateStrategy),
      strategy === undefined ? 'updateStrategy' : 'strategy',
      faults,
    );
    if (typeof replicas === 'number' && replicas < 0) {
      faults.add('spec.replicas', `Invalid value: ${replicas}: must be greater than or equal to 0`);
    }
    validateSelector(record(selector), record(record(record(template).metadata).labels), faults);
    validateTemplate(record(template), { path: 'spec.template', restartPolicies }, faults);
  };
}

/** Bounds of a rolling update are for that only. */
function validateStrategy({ type, rollingUpdate }: Fields, field: string, faults: FaultList): void {
  if (rollingUpdate === undefined || (type !== 'Recreate' && type !== 'OnDelete')) return;
  if (type === 'OnDelete' && isObject(rollingUpdate) && rollingUpdate.maxUnavailable !== undefined) return;
  const path = `spec.${field}.rollingUpdate`;
  faults.add(path, `Forbidden: may not be specified when strategy \`type\` is '${type}'`);
}

/** Workloads must select the pods they make. */
function validateSelector(selector: Fields, labels: Fields, faults: FaultList): void {
  if (Object.keys(selector).length === 0) return faults.add('spec.selector', 'Required value');
  const wanted = Object.entries(record(selector.matchLabels));
  if (wanted.every(([key, value]) => own(labels, key) === value)) return;
  faults.add('spec.template.metadata.labels', 'Invalid value: `selector` does not match template `labels`');
}

function validateTemplate(template: Fields, { path, restartPolicies }: Template, faults: FaultList): void {
  const spec = record(template.spec);
  validatePodSpec(spec, `${path}.spec`, faults);
  const { restartPolicy } = spec;
  if (!RESTART_POLICIES.includes(String(restartPolicy))) return;
  faults.oneOf(`${path}.spec.restartPolicy`, restartPolicy, restartPolicies);
}

/** Where a pod template stands, and which restart policies its workload allows. */
interface Template {
  path: string;
  restartPolicies: readonly string[];
}

function validateJob(object: KubernetesObject, faults: FaultList): void {
  const template = record(specOf(object).template);
  validatePodSpec(record(template.spec), 'spec.template.spec', faults);
  const { restartPolicy } = record(template.spec);
  if (restartPolicy !== 'Always') return;
  faults.add('spec.template.spec.restartPolicy', 'Required value: valid values: "OnFailure", "Never"');
}

function validatePod(object: KubernetesObject, faults: FaultList, live: KubernetesObject | undefined): void {
  validatePodSpec(specOf(object), 'spec', faults);
  if (live !== undefined) validatePodUpdate(specOf(live), specOf(object), faults);
}

function validateService(object: KubernetesObject, faults: FaultList): void {
  const { type, ports, clusterIP, externalName } = specOf(object);
  faults.oneOf('spec.type', type, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']);
  if (type === 'ExternalName') return faults.required('spec.externalName', externalName);
  if (list(ports).length === 0 && clusterIP !== 'None') faults.required('spec.ports', undefined);
  list(ports)
    .map(record)
    .forEach((port, index, all) => {
      validatePort(port.port, `spec.ports[${index}].port`, faults);
      if (all.length > 1) faults.required(`spec.ports[${index}].name`, port.name);
      const isTwin = (other: Fields): boolean => other.port === port.port && other.protocol === port.protocol;
      if (all.findIndex(isTwin) < index) {
        const twin = { protocol: port.protocol, port: port.port };
        faults.add(`spec.ports[${index}]`, `Duplicate value: ${JSON.stringify(twin)}`);
      }
    });
}

const DATA_KEY = /^[-._a-zA-Z0-9]{1,253}$/;

function validateData({ data, binaryData, kind }: KubernetesObject, faults: FaultList): void {
  for (const [field, map] of [
    ['data', data],
    ['binaryData', binaryData],
  ] as const) {
    for (const key of Object.keys(record(map))) {
      if (DATA_KEY.test(key)) continue;
      const why = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
      faults.add(`${field}[${key}]`, `Invalid value: ${JSON.stringify(key)}: ${why}`);
    }
  }
  const size = JSON.stringify([data, binaryData]).length;
  if (size > 1024 * 1024) faults.add(kind === 'Secret' ? 'data' : '', 'Too long: may not be more than 1048576 bytes');
}

function validateClaim(object: KubernetesObject, faults: FaultList, live: KubernetesObject | undefined): void {
  if (live === undefined) return;
  const isBound = record(live.status).phase === 'Bound';
  const fixed = (claim: KubernetesObject): Fields => {
    const { resources, volumeAttributesClassName: _class, storageClassName, ...rest } = specOf(claim);
    const { requests: _requests, ...limits } = record(resources);
    const named = specOf(live).storageClassName === undefined ? undefined : storageClassName;
    return { ...rest, storageClassName: named, resources: isBound ? limits : resources };
  };
  if (jsonEqual(fixed(live), fixed(object))) return;
  const why =
    'Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
  faults.add('spec', why);
}

/** What the API server fixes at creation. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  'apps/Deployment': ['spec.selector'],
  'apps/DaemonSet': ['spec.selector'],
  'apps/ReplicaSet': ['spec.selector'],
  'apps/ControllerRevision': ['data'],
  'batch/Job': ['spec.selector', 'spec.template', 'spec.completionMode'],
  '/Secret': ['type'],
  'rbac.authorization.k8s.io/RoleBinding': ['roleRef'],
  'rbac.authorization.k8s.io/ClusterRoleBinding': ['roleRef'],
};

/** Fields of a StatefulSet's spec that may change. */
const CHANGEABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

function validateFixed(id: string, live: KubernetesObject, next: KubernetesObject, faults: FaultList): void {
  for (const path of FIXED[id] ?? []) {
    const value = valueAt(next, path);
    if (jsonEqual(valueAt(live, path), value)) continue;
    faults.add(path, `Invalid value: ${JSON.stringify(value)}: field is immutable`);
  }
  if (id === 'apps/StatefulSet' && !jsonEqual(fixedSpec(live), fixedSpec(next))) {
    const names =
      "'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds'";
    faults.add('spec', `Forbidden: updates to statefulset spec for fields other than ${names} are forbidden`);
  }
  if (live.immutable !== true || (id !== '/ConfigMap' && id !== '/Secret')) return;
  if (jsonEqual(live.data, next.data) && jsonEqual(live.binaryData, next.binaryData) && next.immutable === true) return;
  faults.add('data', 'Forbidden: field is immutable when `immutable` is set');
}

function fixedSpec(object: KubernetesObject): Fields {
  return Object.fromEntries(Object.entries(specOf(object)).filter(([name]) => !CHANGEABLE.includes(name)));
}

const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

function validateMetadata({ metadata }: KubernetesObject, faults: FaultList): void {
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    if (!LABEL_KEY.test(key))
      faults.add(
        'metadata.labels',
        `Invalid value: ${JSON.stringify(key)}: name part must consist of alphanumeric characters`,
      );
    if (!LABEL_VALUE.test(value)) {
      const why = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.'";
      faults.add('metadata.labels', `Invalid value: ${JSON.stringify(value)}: ${why}`);
    }
  }
  const { annotations } = metadata;
  if (isObject(annotations) && JSON.stringify(annotations).length > 256 * 1024) {
    faults.add('metadata.annotations', 'Too long: may not be more than 262144 bytes');
  }
}
