import { FleetError, invalid, type FieldFault } from '../kernel/errors.js';
import { isObject, own } from '../kernel/json.js';
import type { KubernetesObject } from '../kernel/object.js';

/** Kubernetes' own bound on the data of one Secret. */
const MAX_BYTES = 1 << 20;
const KEY = /^[-._a-zA-Z0-9]{1,253}$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** A value, or where it should be and why it is none; a fault never repeats what it found. */
type Entry = { key: string; value: string } | FieldFault;

/**
 * The data of a Secret in clear, as a pod would read it: `stringData` wins over `data`. Throws INVALID_DOCUMENT or
 * SECRET_TOO_LARGE, whose words hold no value.
 */
export function secretData(secret: KubernetesObject): Map<string, string> {
  const entries = [...entriesOf(secret, 'data', decode), ...entriesOf(secret, 'stringData', (text) => text)];
  const faults = entries.filter((entry) => 'path' in entry);
  if (faults[0]) {
    throw invalid('INVALID_DOCUMENT', `the Secret is invalid: ${faults[0].path}: ${faults[0].message}`, faults);
  }
  const values = entries.filter((entry) => 'key' in entry);
  if (values.reduce((sum, { value }) => sum + value.length, 0) > MAX_BYTES) {
    throw new FleetError('too-large', 'SECRET_TOO_LARGE', `the data of a Secret is at most ${MAX_BYTES} bytes`);
  }
  return new Map(values.map(({ key, value }) => [key, value]));
}

function entriesOf(
  secret: KubernetesObject,
  field: 'data' | 'stringData',
  read: (text: string) => string | undefined,
): Entry[] {
  const map = own(secret, field);
  if (map === undefined || map === null) return [];
  if (!isObject(map)) return [{ path: field, message: 'must be a map of strings', expected: 'object' }];
  return Object.entries(map).map(([key, given]): Entry => {
    if (!KEY.test(key) || key.endsWith('\n')) return { path: field, message: 'holds a key that a Secret cannot have' };
    const value = given === null ? '' : typeof given === 'string' ? read(given) : undefined;
    if (value !== undefined) return { key, value };
    const expected = field === 'data' ? 'base64 text' : 'string';
    return { path: `${field}.${key}`, message: `must be ${expected}`, expected };
  });
}

function decode(text: string): string | undefined {
  const compact = text.replace(/[\r\n]/g, '');
  if (compact.length % 4 !== 0 || !BASE64.test(compact)) return undefined;
  return Buffer.from(compact, 'base64').toString('utf8');
}
