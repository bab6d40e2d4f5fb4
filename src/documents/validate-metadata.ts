import type { FieldFault } from '../kernel/errors.js';
import { isObject, own } from '../kernel/json.js';

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const QUALIFIED_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const MAX_ANNOTATIONS_BYTES = 262_144;

/** RFC 1123 subdomain, as Kubernetes names objects. No `$` trap: a trailing newline is refused. */
export function isSubdomain(text: string): boolean {
  return text.length <= 253 && !text.includes('\n') && SUBDOMAIN.test(text);
}

/** Kubernetes' rules for names, labels and annotations. */
export function metadataFaults(metadata: Record<string, unknown>): FieldFault[] {
  return [
    ...nameFaults(metadata),
    ...mapFaults(metadata, 'labels', labelFault),
    ...mapFaults(metadata, 'annotations', ([key]) => keyFault(key)),
    ...annotationSizeFaults(own(metadata, 'annotations')),
    ...listFaults(own(metadata, 'finalizers'), 'metadata.finalizers', 'string'),
    ...listFaults(own(metadata, 'ownerReferences'), 'metadata.ownerReferences', 'object'),
  ];
}

function nameFaults(metadata: Record<string, unknown>): FieldFault[] {
  const faults: FieldFault[] = [];
  const name = own(metadata, 'name');
  if (typeof name !== 'string' || !isSubdomain(name)) {
    const hint = own(metadata, 'generateName') === undefined ? '' : ' (generateName is not supported)';
    faults.push({
      path: 'metadata.name',
      message: `must be a DNS subdomain name${hint}`,
      expected: 'a-z, 0-9, "-" and "."',
      got: short(name),
    });
  }
  const namespace = own(metadata, 'namespace');
  if (namespace !== undefined && (typeof namespace !== 'string' || !isSubdomain(namespace))) {
    faults.push({ path: 'metadata.namespace', message: 'must be a DNS subdomain name', got: short(namespace) });
  }
  return faults;
}

function mapFaults(
  metadata: Record<string, unknown>,
  field: string,
  faultOf: (entry: [string, string]) => string | undefined,
): FieldFault[] {
  const map = own(metadata, field);
  if (map === undefined || map === null) return [];
  if (!isObject(map))
    return [{ path: `metadata.${field}`, message: 'must be a map of strings', expected: 'object', got: short(map) }];
  return Object.entries(map).flatMap(([key, value]) => {
    const path = `metadata.${field}.${key}`;
    if (typeof value !== 'string')
      return [{ path, message: 'must be a string', expected: 'string', got: short(value) }];
    const fault = faultOf([key, value]);
    return fault === undefined ? [] : [{ path, message: fault, got: short(value) }];
  });
}

function labelFault([key, value]: [string, string]): string | undefined {
  const fault = keyFault(key);
  if (fault !== undefined) return fault;
  const valid = value === '' || (value.length <= 63 && !value.includes('\n') && QUALIFIED_NAME.test(value));
  return valid
    ? undefined
    : 'a label value has at most 63 characters of A-Z, a-z, 0-9, "-", "_", "." and starts and ends alphanumeric';
}

function keyFault(key: string): string | undefined {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  const name = key.slice(slash + 1);
  const valid =
    name.length <= 63 &&
    !name.includes('\n') &&
    QUALIFIED_NAME.test(name) &&
    (prefix === undefined || isSubdomain(prefix));
  return valid ? undefined : 'the key is not a qualified name ([prefix/]name)';
}

function annotationSizeFaults(annotations: unknown): FieldFault[] {
  if (!isObject(annotations)) return [];
  const bytes = Object.entries(annotations).reduce((sum, [key, value]) => sum + key.length + String(value).length, 0);
  if (bytes <= MAX_ANNOTATIONS_BYTES) return [];
  return [
    { path: 'metadata.annotations', message: `must not exceed ${MAX_ANNOTATIONS_BYTES} bytes`, got: `${bytes} bytes` },
  ];
}

function listFaults(list: unknown, path: string, type: 'string' | 'object'): FieldFault[] {
  if (list === undefined || list === null) return [];
  const valid =
    Array.isArray(list) && list.every((item) => (type === 'object' ? isObject(item) : typeof item === type));
  return valid ? [] : [{ path, message: `must be a list of ${type}s`, expected: 'list', got: short(list) }];
}

function short(value: unknown): string {
  return value === undefined ? 'nothing' : String(JSON.stringify(value)).slice(0, 60);
}
