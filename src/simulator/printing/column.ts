import type { KubernetesObject } from '../../kernel/object.js';
import { list, record, type Fields } from '../fill-in.js';
import { ageOf } from './age.js';

export type Cell = string | number | boolean | null;

/** One column of a kind's table, as `kubectl get` shows it. */
export interface Column {
  name: string;
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  format?: string;
  /** Shown with `-o wide` only. */
  wide?: boolean;
  cell(object: KubernetesObject, now: Date): Cell;
}

type Read = (object: KubernetesObject, now: Date) => Cell;

export const text = (name: string, cell: Read): Column => ({ name, type: 'string', cell });
export const count = (name: string, cell: (object: KubernetesObject) => unknown): Column => ({
  name,
  type: 'integer',
  cell: (object) => Number(cell(object) ?? 0),
});
export const wide = (column: Column): Column => ({ ...column, wide: true });

export const AGE = text('Age', ({ metadata }, now) => ageOf(metadata.creationTimestamp, now));
export const CREATED = text('Created At', ({ metadata }) => metadata.creationTimestamp ?? '');

export const specOf = (object: KubernetesObject): Fields => record(object.spec);
export const statusOf = (object: KubernetesObject): Fields => record(object.status);

/** A value for people; `<none>` where there is nothing to say. */
export function orNone(value: unknown): string {
  return value === undefined || value === null || value === '' ? '<none>' : String(value);
}

/** `a=b,c=d` of a label map. */
export function labelsText(labels: unknown): string {
  const pairs = Object.entries(record(labels)).map(([key, value]) => `${key}=${String(value)}`);
  return pairs.length === 0 ? '<none>' : pairs.sort().join(',');
}

/** A label selector, as kubectl writes one. */
export function selectorText(selector: unknown): string {
  const { matchLabels, matchExpressions } = record(selector);
  const terms = list(matchExpressions).map(record).map(expressionText);
  const labels = labelsText(matchLabels);
  return [...(labels === '<none>' ? [] : [labels]), ...terms].join(',') || '<none>';
}

function expressionText({ key, operator, values }: Fields): string {
  if (operator === 'Exists') return String(key);
  if (operator === 'DoesNotExist') return `!${String(key)}`;
  return `${String(key)} ${operator === 'In' ? 'in' : 'notin'} (${list(values).join(',')})`;
}
