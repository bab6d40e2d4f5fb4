import { isObject, own } from '../kernel/json.js';
import type { KubernetesObject } from '../kernel/object.js';
import { withPodDefaults } from './pod-defaults.js';
import { eachItem, fillIn, record, withQuantities, type Fields } from './fill-in.js';
import { withServiceDefaults } from './service-defaults.js';
import type { KindDefinition } from './kind.js';

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

type Defaulting = (object: KubernetesObject, live: KubernetesObject | undefined) => KubernetesObject;

const ROLLING = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } };

const DEFAULTS: Readonly<Record<string, Defaulting>> = {
  '/Namespace': namespaceDefaults,
  '/Pod': (object) => withSpec(object, (spec) => withPodDefaults(spec)),
  '/Secret': secretDefaults,
  '/Service': (object, live) => withSpec(object, (spec) => withServiceDefaults(object.metadata, spec, live)),
  '/PersistentVolumeClaim': (object) => withSpec(object, withClaimDefaults),
  '/ResourceQuota': (object) => withSpec(object, (spec) => withQuantities(spec, ['hard'])),
  'apps/Deployment': workload(() => ({
    replicas: 1,
    strategy: ROLLING,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  })),
  'apps/ReplicaSet': workload(() => ({ replicas: 1 })),
  'apps/StatefulSet': (object) => withSpec(statefulSet(object), withClaimTemplateDefaults),
  'apps/DaemonSet': workload(() => ({
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
    revisionHistoryLimit: 10,
  })),
  'batch/Job': workload((object) => jobDefaults(object)),
  'batch/CronJob': (object) =>
    withSpec(object, (spec) => {
      const jobTemplate = record(spec.jobTemplate);
      const job = record(jobTemplate.spec);
      const filled = { ...jobTemplate, spec: { ...job, template: withTemplateDefaults(job.template) } };
      const limits = { successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 };
      return fillIn({ ...spec, jobTemplate: filled }, { concurrencyPolicy: 'Allow', suspend: false, ...limits });
    }),
  'autoscaling/HorizontalPodAutoscaler': (object) => withSpec(object, (spec) => fillIn(spec, { minReplicas: 1 })),
  'networking.k8s.io/NetworkPolicy': (object) =>
    withSpec(object, (spec) =>
      fillIn(spec, { policyTypes: spec.egress === undefined ? ['Ingress'] : ['Ingress', 'Egress'] }),
    ),
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': webhookDefaults({ reinvocationPolicy: 'Never' }),
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': webhookDefaults({}),
  'apiextensions.k8s.io/CustomResourceDefinition': (object) =>
    withSpec(object, (spec) => {
      const names = record(spec.names);
      const kind = String(own(names, 'kind') ?? '');
      const filled = fillIn(names, { singular: kind.toLowerCase(), listKind: `${kind}List` });
      return fillIn({ ...spec, names: filled }, { conversion: { strategy: 'None' } });
    }),
};

const statefulSet = (object: KubernetesObject): KubernetesObject =>
  workload(() => ({
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    revisionHistoryLimit: 10,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
  }))(object, undefined);

/** The famous drift of StatefulSets: claim templates come back with a type and a status nobody wrote. */
function withClaimTemplateDefaults(spec: Fields): Fields {
  if (spec.volumeClaimTemplates === undefined) return spec;
  const type = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } };
  const complete = (claim: Fields): Fields => fillIn({ ...claim, spec: withClaimDefaults(record(claim.spec)) }, type);
  return { ...spec, volumeClaimTemplates: eachItem(spec.volumeClaimTemplates, complete) };
}

function withClaimDefaults(spec: Fields): Fields {
  const resources = withQuantities(record(spec.resources), ['requests', 'limits']);
  return fillIn({ ...spec, resources }, { volumeMode: 'Filesystem' });
}

function withSpec(object: KubernetesObject, fill: (spec: Fields) => Fields): KubernetesObject {
  const spec = record(object.spec);
  const filled = fill(spec);
  return filled === object.spec ? object : { ...object, spec: filled };
}

function workload(defaults: (object: KubernetesObject) => Fields): Defaulting {
  return (object) =>
    withSpec(object, (spec) => fillIn({ ...spec, template: withTemplateDefaults(spec.template) }, defaults(object)));
}

function withTemplateDefaults(template: unknown): Fields {
  const { spec, ...rest } = record(template);
  return { ...rest, spec: withPodDefaults(record(spec)) };
}

function jobDefaults(object: KubernetesObject): Fields {
  const name = object.metadata.name;
  return {
    parallelism: 1,
    completions: 1,
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: 'TerminatingOrFailed',
    selector: { matchLabels: { 'batch.kubernetes.io/job-name': name } },
  };
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
