import { isObject, jsonEqual, own } from '../kernel/json.js';

/** One field that differs, by its path: `spec.source.targetRevision`. Absent sides are undefined. */
export interface FieldChange {
  path: string;
  from?: unknown;
  to?: unknown;
}

/** Fields that differ between two documents. Lists are compared whole, as Argo CD's merge patch treats them. */
export function fieldChanges(from: unknown, to: unknown, path = ''): FieldChange[] {
  if (jsonEqual(from, to)) return [];
  if (!isObject(from) || !isObject(to)) return [change(path, from, to)];
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return keys.flatMap((key) => fieldChanges(own(from, key), own(to, key), path === '' ? key : `${path}.${key}`));
}

function change(path: string, from: unknown, to: unknown): FieldChange {
  return { path, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}
