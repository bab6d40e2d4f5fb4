import { isObject, own } from '../../../kernel/json.js';

/** What a status condition says; missing texts are empty. */
export interface StatusCondition {
  type: string;
  status: string;
  reason: string;
  message: string;
}

/** The value at a path of field names; undefined where a level is absent, null or not a mapping. */
export function fieldAt(object: unknown, ...path: string[]): unknown {
  const value = path.reduce<unknown>((level, name) => (isObject(level) ? own(level, name) : undefined), object);
  return value ?? undefined;
}

/** A number at a path; `absent` (0 unless told) where there is none, as Go's zero values read. */
export function numberAt(object: unknown, path: readonly string[], absent = 0): number {
  const value = fieldAt(object, ...path);
  return typeof value === 'number' ? value : absent;
}

export function textAt(object: unknown, ...path: string[]): string {
  const value = fieldAt(object, ...path);
  return typeof value === 'string' ? value : '';
}

export function listAt(object: unknown, ...path: string[]): unknown[] {
  const value = fieldAt(object, ...path);
  return Array.isArray(value) ? value : [];
}

export function conditionsOf(object: unknown): StatusCondition[] {
  return listAt(object, 'status', 'conditions').map((condition) => ({
    type: textAt(condition, 'type'),
    status: textAt(condition, 'status'),
    reason: textAt(condition, 'reason'),
    message: textAt(condition, 'message'),
  }));
}

/** True when the controller has not yet looked at the newest generation. */
export function isBehind(object: unknown): boolean {
  return numberAt(object, ['status', 'observedGeneration']) < numberAt(object, ['metadata', 'generation']);
}
