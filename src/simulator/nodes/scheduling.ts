import { digestJson } from '../../kernel/digest.js';
import { matchesSelector, type LabelExpression } from '../../kernel/label-selector.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { list, record, type Fields } from '../fill-in.js';

/** The node a new pod goes to, which only the pod's name decides among those that fit; undefined when none does. */
export function nodeFor(pod: KubernetesObject, nodes: readonly KubernetesObject[]): string | undefined {
  const fitting = nodes.filter((node) => selects(record(pod.spec), node) && untolerated(record(pod.spec), node) === '');
  const { namespace = '', name } = pod.metadata;
  const number = Number.parseInt(digestJson(['node', namespace, name]).slice(-6), 16);
  return fitting[number % fitting.length]?.metadata.name;
}

/** Why no node takes a pod, as the scheduler words it. */
export function unschedulableWords(pod: KubernetesObject, nodes: readonly KubernetesObject[]): string {
  const spec = record(pod.spec);
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const why = selects(spec, node) ? untolerated(spec, node) : "didn't match Pod's node affinity/selector";
    counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  const reasons = [...counts].map(([why, count]) => `${count} node(s) ${why}`).sort();
  return `0/${nodes.length} nodes are available: ${reasons.join(', ') || 'no nodes available to schedule pods'}.`;
}

/** Whether a pod's selector and required affinity pick the node. */
export function selects({ nodeSelector, affinity }: Fields, { metadata }: KubernetesObject): boolean {
  const labels = metadata.labels ?? {};
  const wanted = Object.entries(record(nodeSelector));
  if (!wanted.every(([key, value]) => labels[key] === value)) return false;
  const required = record(record(affinity).nodeAffinity).requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined) return true;
  return list(record(required).nodeSelectorTerms).some((term) => {
    const { matchExpressions, matchFields } = record(term);
    const fields = { 'metadata.name': metadata.name };
    return meets(matchExpressions, labels) && meets(matchFields, fields);
  });
}

function meets(expressions: unknown, values: Record<string, string>): boolean {
  const terms = list(expressions).map(record);
  const known = terms.filter(({ operator }) => LABEL_OPERATORS.includes(String(operator)));
  const compared = terms.filter((term) => !known.includes(term));
  const isBeyond = ({ key, operator, values: [bound] = [] }: Fields & { values?: unknown[] }): boolean => {
    const value = Number(values[String(key)]);
    if (operator === 'Gt') return value > Number(bound);
    return operator === 'Lt' && value < Number(bound);
  };
  return (
    matchesSelector({ matchExpressions: known as unknown as LabelExpression[] }, values) && compared.every(isBeyond)
  );
}

const LABEL_OPERATORS: readonly string[] = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

const UNSCHEDULABLE: Fields = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** What keeps a pod off a node that it selects; '' for nothing. */
export function untolerated({ tolerations }: Fields, { spec }: KubernetesObject): string {
  const { taints, unschedulable } = record(spec);
  const all = [...list(taints).map(record), ...(unschedulable === true ? [UNSCHEDULABLE] : [])];
  const known = list(tolerations).map(record);
  const taint = all.find(({ effect, ...rest }) => {
    return effect !== 'PreferNoSchedule' && !known.some((toleration) => tolerates(toleration, { effect, ...rest }));
  });
  if (taint === undefined) return '';
  return taint.key === UNSCHEDULABLE.key ? 'were unschedulable' : `had untolerated taint(s)`;
}

function tolerates(toleration: Fields, taint: Fields): boolean {
  const { key = '', operator = 'Equal', value = '', effect = '' } = toleration;
  if (effect !== '' && effect !== taint.effect) return false;
  if (key === '') return operator === 'Exists';
  return key === taint.key && (operator === 'Exists' || value === (taint.value ?? ''));
}
