import type { KubernetesObject } from '../../kernel/object.js';
import { list, record, type Fields } from '../fill-in.js';
import { selects, untolerated } from '../nodes/scheduling.js';

const EVERYWHERE: readonly Fields[] = [
  ...['not-ready', 'unreachable'].map((key) => ({ key, effect: 'NoExecute' })),
  ...['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map((key) => ({
    key,
    effect: 'NoSchedule',
  })),
].map(({ key, effect }) => ({ key: `node.kubernetes.io/${key}`, operator: 'Exists', effect }));

/** The template with what binds a pod of a DaemonSet to one node, and lets it stay on one in trouble. */
export function templateFor(template: unknown, node: string): Fields {
  const spec = record(record(template).spec);
  const affinity = record(spec.affinity);
  const bound = { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }] };
  const nodeAffinity = { ...record(affinity.nodeAffinity), requiredDuringSchedulingIgnoredDuringExecution: bound };
  const tolerations = [...list(spec.tolerations), ...EVERYWHERE];
  return { ...record(template), spec: { ...spec, affinity: { ...affinity, nodeAffinity }, tolerations } };
}

/** Whether a DaemonSet is to have a pod on the node. */
export function runsOn({ spec }: KubernetesObject, node: KubernetesObject): boolean {
  const pod = record(record(record(spec).template).spec);
  const tolerations = [...list(pod.tolerations), ...EVERYWHERE];
  return selects(pod, node) && untolerated({ tolerations }, node) === '';
}

/** The node a DaemonSet's pod runs on, or is bound to before it does. */
export function nodeOf({ spec }: KubernetesObject): string {
  const { nodeName, affinity } = record(spec);
  if (typeof nodeName === 'string') return nodeName;
  const required = record(record(record(affinity).nodeAffinity).requiredDuringSchedulingIgnoredDuringExecution);
  const [field] = list(record(list(required.nodeSelectorTerms)[0]).matchFields);
  return String(list(record(field).values)[0] ?? '');
}
