import { isObject, jsonEqual } from '../kernel/json.js';
import type { KubernetesObject } from '../kernel/object.js';
import { record, withSpec } from './fill-in.js';
import type { KindDefinition } from './kind.js';
import { qosClassOf, withAdmittedPod } from './pod-defaults.js';
import { withAddresses } from './service-defaults.js';

type Choosing = (object: KubernetesObject, live: KubernetesObject | undefined) => KubernetesObject;

/**
 * An object with what the API server decides itself, by strategy or admission: addresses, first statuses, protecting
 * finalizers, selectors of Jobs. Unlike defaults, these fields belong to no manager.
 */
export function withServerChoices(
  kind: KindDefinition,
  object: KubernetesObject,
  live: KubernetesObject | undefined,
): KubernetesObject {
  const id = `${kind.group}/${kind.kind}`;
  const choose = Object.hasOwn(CHOICES, id) ? CHOICES[id] : undefined;
  return choose === undefined ? object : choose(object, live);
}

const CHOICES: Readonly<Record<string, Choosing>> = {
  '/Pod': (object, live) => (live === undefined ? newPod(object) : object),
  '/PersistentVolume': (object, live) =>
    live === undefined ? protectedBy(object, 'kubernetes.io/pv-protection') : object,
  '/PersistentVolumeClaim': (object, live) => {
    if (live !== undefined) return object;
    return { ...protectedBy(object, 'kubernetes.io/pvc-protection'), status: { phase: 'Pending' } };
  },
  '/Event': (object) => ({ eventTime: null, firstTimestamp: null, lastTimestamp: null, ...object }),
  '/Service': (object, live) => withSpec(object, (spec) => withAddresses(object.metadata, spec, live)),
  'apps/DaemonSet': withTemplateGeneration,
  'batch/Job': withOwnSelector,
};

function newPod(object: KubernetesObject): KubernetesObject {
  const admitted = withSpec(object, withAdmittedPod);
  return { ...admitted, status: { phase: 'Pending', qosClass: qosClassOf(record(admitted.spec)) } };
}

function protectedBy(object: KubernetesObject, name: string): KubernetesObject {
  const { finalizers = [] } = object.metadata;
  if (finalizers.includes(name)) return object;
  return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, name] } };
}

export const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

/** Counted in an annotation, for clients older than `observedGeneration`. */
function withTemplateGeneration(object: KubernetesObject, live: KubernetesObject | undefined): KubernetesObject {
  const before = Number(live?.metadata.annotations?.[TEMPLATE_GENERATION] ?? 0);
  const isSame = live !== undefined && jsonEqual(record(live.spec).template, record(object.spec).template);
  const annotations = { ...object.metadata.annotations, [TEMPLATE_GENERATION]: String(isSame ? before : before + 1) };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** A Job selects its pods by its own uid. */
function withOwnSelector(object: KubernetesObject): KubernetesObject {
  const { metadata } = object;
  const spec = record(object.spec);
  if (spec.manualSelector === true || isObject(spec.selector)) return object;
  const { uid = '', name } = metadata;
  const template = record(spec.template);
  const meta = record(template.metadata);
  const labels: Record<string, string> = {
    ...(record(meta.labels) as Record<string, string>),
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  const isShared = metadata.labels !== undefined && metadata.labels === meta.labels;
  return {
    ...object,
    metadata: isShared ? { ...metadata, labels } : metadata,
    spec: {
      ...spec,
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
      template: { ...template, metadata: { ...meta, labels } },
    },
  };
}
