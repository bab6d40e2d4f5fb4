import type { KubernetesObject } from '../kernel/object.js';
import { TEMPLATE_GENERATION } from './server-choices.js';
import type { Defaulting } from './defaults.js';
import { eachItem, fillIn, record, withQuantities, withSpec, type Fields } from './fill-in.js';
import { withPodDefaults } from './pod-defaults.js';

/** How the kinds that make pods are completed. */
export const WORKLOAD_DEFAULTS: Readonly<Record<string, Defaulting>> = {
  'apps/Deployment': workload((spec) => ({
    ...fillIn(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 }),
    strategy: rolling(spec.strategy, { maxUnavailable: '25%', maxSurge: '25%' }),
  })),
  'apps/ReplicaSet': workload((spec) => fillIn(spec, { replicas: 1 })),
  'apps/StatefulSet': workload((spec) => ({
    ...withClaimTemplates(fillIn(spec, { replicas: 1, podManagementPolicy: 'OrderedReady', revisionHistoryLimit: 10 })),
    updateStrategy: statefulStrategy(record(spec.updateStrategy)),
    persistentVolumeClaimRetentionPolicy: fillIn(record(spec.persistentVolumeClaimRetentionPolicy), {
      whenDeleted: 'Retain',
      whenScaled: 'Retain',
    }),
  })),
  'apps/DaemonSet': (object, live) => withUncountedTemplate(daemonSet(object, live)),
  'batch/Job': (object, live) => withTemplateLabels(workload(jobDefaults)(object, live)),
  'batch/CronJob': (object) => withSpec(object, cronJobDefaults),
  '/PodTemplate': (object) => ({ ...object, template: withTemplateDefaults(object.template) }),
};

const daemonSet = workload((spec) => ({
  ...fillIn(spec, { revisionHistoryLimit: 10 }),
  updateStrategy: rolling(spec.updateStrategy, { maxUnavailable: 1, maxSurge: 0 }),
}));

/** The annotation is the writer's, its number the server's. */
function withUncountedTemplate(object: KubernetesObject): KubernetesObject {
  const annotations = { [TEMPLATE_GENERATION]: '0', ...object.metadata.annotations };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function workload(fill: (spec: Fields) => Fields): Defaulting {
  return (object) => withSpec(object, (spec) => fill({ ...spec, template: withTemplateDefaults(spec.template) }));
}

/** A strategy rolls unless it says otherwise; only then do its bounds count. */
function rolling(strategy: unknown, bounds: Fields): Fields {
  const typed = fillIn(record(strategy), { type: 'RollingUpdate' });
  if (typed.type !== 'RollingUpdate') return typed;
  return { ...typed, rollingUpdate: fillIn(record(typed.rollingUpdate), bounds) };
}

/** Named without bounds, a StatefulSet's strategy stays without. */
function statefulStrategy(strategy: Fields): Fields {
  const isBare = strategy.type !== undefined && strategy.rollingUpdate === undefined;
  return isBare ? strategy : rolling(strategy, { partition: 0 });
}

/** The famous drift of StatefulSets: claim templates come back with a type and a status nobody wrote. */
function withClaimTemplates(spec: Fields): Fields {
  if (spec.volumeClaimTemplates === undefined) return spec;
  const type = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' };
  const complete = (claim: Fields): Fields => ({
    ...fillIn(claim, type),
    spec: withClaimDefaults(record(claim.spec)),
    status: fillIn(record(claim.status), { phase: 'Pending' }),
  });
  return { ...spec, volumeClaimTemplates: eachItem(spec.volumeClaimTemplates, complete) };
}

export function withClaimDefaults(spec: Fields): Fields {
  const resources = withQuantities(record(spec.resources), ['requests', 'limits']);
  return fillIn({ ...spec, resources }, { volumeMode: 'Filesystem' });
}

function withTemplateDefaults(template: unknown): Fields {
  const { spec, ...rest } = record(template);
  return { ...rest, spec: withPodDefaults(record(spec)) };
}

function jobDefaults(spec: Fields): Fields {
  return fillIn(spec, {
    ...(spec.completions === undefined && spec.parallelism === undefined ? { completions: 1 } : {}),
    parallelism: 1,
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: 'TerminatingOrFailed',
  });
}

/** A Job without labels takes those of its pods: the same map, so that it later gets their further labels too. */
function withTemplateLabels(object: KubernetesObject): KubernetesObject {
  const { labels } = record(record(record(object.spec).template).metadata);
  if (object.metadata.labels !== undefined || labels === undefined) return object;
  return { ...object, metadata: { ...object.metadata, labels: labels as Record<string, string> } };
}

function cronJobDefaults(spec: Fields): Fields {
  const jobTemplate = record(spec.jobTemplate);
  const job = record(jobTemplate.spec);
  const filled = { ...jobTemplate, spec: { ...job, template: withTemplateDefaults(job.template) } };
  const limits = { successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 };
  return fillIn({ ...spec, jobTemplate: filled }, { concurrencyPolicy: 'Allow', suspend: false, ...limits });
}
