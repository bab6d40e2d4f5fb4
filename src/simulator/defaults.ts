import { isObject, own } from '../kernel/json.js';
import type { KubernetesObject } from '../kernel/object.js';
import { eachItem, fillIn, present, record, withQuantities, withSpec, type Fields } from './fill-in.js';
import { withBarePodDefaults, withPodDefaults } from './pod-defaults.js';
import { withServiceDefaults } from './service-defaults.js';
import type { KindDefinition } from './kind.js';
import { withClaimDefaults, WORKLOAD_DEFAULTS } from './workload-defaults.js';

/**
 * The object as the API server stores it: with the defaults of its kind filled in where nothing was said.
 * A working subset of the real tables: enough that live objects carry fields which no manifest named.
 */
export function withDefaults(
  kind: KindDefinition,
  object: KubernetesObject,
  live: KubernetesObject | undefined,
): KubernetesObject {
  const id = `${kind.group}/${kind.kind}`;
  const fill = Object.hasOwn(DEFAULTS, id) ? DEFAULTS[id] : undefined;
  return fill === undefined ? object : fill(object, live);
}

export type Defaulting = (object: KubernetesObject, live: KubernetesObject | undefined) => KubernetesObject;

const DEFAULTS: Readonly<Record<string, Defaulting>> = {
  '/Namespace': namespaceDefaults,
  '/Pod': (object) => withSpec(object, (spec) => withBarePodDefaults(withPodDefaults(spec))),
  '/Secret': secretDefaults,
  '/Service': (object) => withSpec(object, withServiceDefaults),
  '/LimitRange': (object) => withSpec(object, (spec) => ({ ...spec, limits: eachItem(spec.limits, limitDefaults) })),
  '/PersistentVolumeClaim': (object) => withSpec(object, withClaimDefaults),
  '/PersistentVolume': (object) => withSpec(object, volumeDefaults),
  '/ResourceQuota': (object) => withSpec(object, (spec) => withQuantities(spec, ['hard'])),
  ...WORKLOAD_DEFAULTS,
  'autoscaling/HorizontalPodAutoscaler': (object) => withSpec(object, autoscalerDefaults),
  'networking.k8s.io/NetworkPolicy': (object) => withSpec(object, networkPolicyDefaults),
  'rbac.authorization.k8s.io/RoleBinding': bindingDefaults,
  'rbac.authorization.k8s.io/ClusterRoleBinding': bindingDefaults,
  'storage.k8s.io/StorageClass': (object) =>
    fillIn(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }) as KubernetesObject,
  'scheduling.k8s.io/PriorityClass': (object) =>
    fillIn(object, { preemptionPolicy: 'PreemptLowerPriority' }) as KubernetesObject,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': webhookDefaults({ reinvocationPolicy: 'Never' }),
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': webhookDefaults({}),
  'apiextensions.k8s.io/CustomResourceDefinition': (object) => withSpec(object, definitionDefaults),
};

function definitionDefaults(spec: Fields): Fields {
  const names = record(spec.names);
  const kind = String(own(names, 'kind') ?? '');
  const filled = fillIn(names, { singular: kind.toLowerCase(), listKind: `${kind}List` });
  return fillIn({ ...spec, names: filled }, { conversion: { strategy: 'None' } });
}

function networkPolicyDefaults(spec: Fields): Fields {
  const ported = (rule: Fields): Fields => {
    const ports = eachItem(rule.ports, (port) => fillIn(port, { protocol: 'TCP' }));
    return ports === undefined ? rule : { ...rule, ports };
  };
  const filled = {
    ...spec,
    ...present('ingress', eachItem(spec.ingress, ported)),
    ...present('egress', eachItem(spec.egress, ported)),
  };
  return fillIn(filled, { policyTypes: spec.egress === undefined ? ['Ingress'] : ['Ingress', 'Egress'] });
}

function autoscalerDefaults(spec: Fields): Fields {
  const target = { type: 'Utilization', averageUtilization: 80 };
  const metrics = [{ type: 'Resource', resource: { name: 'cpu', target } }];
  const behavior = isObject(spec.behavior) ? { behavior: scalingDefaults(spec.behavior) } : {};
  return fillIn({ ...spec, ...behavior }, { minReplicas: 1, metrics });
}

function scalingDefaults(behavior: Fields): Fields {
  const percent = { type: 'Percent', value: 100, periodSeconds: 15 };
  const up = { stabilizationWindowSeconds: 0, policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }, percent] };
  return {
    scaleUp: fillIn(record(behavior.scaleUp), { selectPolicy: 'Max', ...up }),
    scaleDown: fillIn(record(behavior.scaleDown), { selectPolicy: 'Max', policies: [percent] }),
  };
}

function bindingDefaults(object: KubernetesObject): KubernetesObject {
  const group = 'rbac.authorization.k8s.io';
  const subjects = eachItem(object.subjects, (subject) =>
    subject.kind === 'User' || subject.kind === 'Group' ? fillIn(subject, { apiGroup: group }) : subject,
  );
  const roleRef = { ...record(object.roleRef), apiGroup: record(object.roleRef).apiGroup || group };
  return { ...object, ...present('subjects', subjects), roleRef };
}

function limitDefaults(limit: Fields): Fields {
  const spelled = withQuantities(limit, ['default', 'defaultRequest', 'max', 'min', 'maxLimitRequestRatio']);
  if (limit.type !== 'Container') return spelled;
  const most = fillIn(record(spelled.default), record(spelled.max));
  const least = fillIn(fillIn(record(spelled.defaultRequest), record(spelled.min)), most);
  return { ...spelled, ...nonEmpty('default', most), ...nonEmpty('defaultRequest', least) };
}

function nonEmpty(name: string, fields: Fields): Fields {
  return Object.keys(fields).length === 0 ? {} : { [name]: fields };
}

function volumeDefaults(spec: Fields): Fields {
  const sized = withQuantities(spec, ['capacity']);
  return fillIn(sized, { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' });
}

function namespaceDefaults(object: KubernetesObject): KubernetesObject {
  const { labels, name } = object.metadata;
  const phase = object.metadata.deletionTimestamp === undefined ? 'Active' : 'Terminating';
  return {
    ...object,
    metadata: { ...object.metadata, labels: { ...labels, 'kubernetes.io/metadata.name': name } },
    spec: fillIn(record(object.spec), { finalizers: ['kubernetes'] }),
    status: { ...record(object.status), phase },
  };
}

/** `stringData` is write-only: it lands in `data`, base64, and is gone. */
function secretDefaults({ stringData, ...object }: KubernetesObject): KubernetesObject {
  const typed = { ...object, type: object.type ?? 'Opaque' } as KubernetesObject;
  if (!isObject(stringData)) return typed;
  const encoded = Object.entries(stringData).map(([key, text]) => [
    key,
    Buffer.from(String(text), 'utf8').toString('base64'),
  ]);
  return { ...typed, data: { ...record(object.data), ...Object.fromEntries(encoded) } };
}

function webhookDefaults(extra: Fields): Defaulting {
  const common = { failurePolicy: 'Fail', matchPolicy: 'Equivalent', timeoutSeconds: 10, ...extra };
  return (object) => {
    if (!Array.isArray(object.webhooks)) return object;
    const webhooks = object.webhooks.map((webhook) =>
      fillIn(record(webhook), { ...common, namespaceSelector: {}, objectSelector: {} }),
    );
    return { ...object, webhooks };
  };
}
