import { hookOf } from '../../applications/domain/sync-order/hook-of.js';
import { isObject } from '../../kernel/json.js';
import type { KubernetesObject } from '../../kernel/object.js';

/** Why a value is no manifest: Argo CD does not render such a source either. */
export function manifestFault(value: unknown): string | undefined {
  if (!isObject(value)) return `a manifest must be an object, this is ${describe(value)}`;
  for (const field of ['apiVersion', 'kind']) {
    const text = value[field];
    if (typeof text !== 'string' || text === '') return `${field} must be text, it is ${describe(text)}`;
  }
  if (!/^(?:[^/\s]+\/)?[^/\s]+$/.test(String(value.apiVersion)))
    return `"${String(value.apiVersion)}" is no apiVersion`;
  if (/[/\s]/.test(String(value.kind))) return `"${String(value.kind)}" is no kind`;
  if (value.metadata === undefined || value.metadata === null) return undefined;
  if (!isObject(value.metadata)) return `${String(value.kind)}: metadata must be an object`;
  const fault = mapFault('annotations', value.metadata);
  return fault === undefined ? undefined : `${String(value.kind)}: ${fault}`;
}

/**
 * Why no cluster would take a manifest as it is, though it can be rendered; `text` is its JSON. A number that a double
 * cannot hold would be applied as another one.
 */
export function unusableFault({ kind, metadata, ...rest }: KubernetesObject, text: string): string | undefined {
  const fault = nameFault(metadata) ?? namespaceFault(metadata) ?? mapFault('labels', { ...metadata });
  if (fault !== undefined) return `${kind}: ${fault}`;
  if (!/\d{16}/.test(text)) return undefined;
  const number = bigintIn({ metadata, ...rest });
  return number && `${kind}: the number ${number} has more digits than a delivery keeps: write it as text`;
}

function nameFault(metadata: KubernetesObject['metadata']): string | undefined {
  const { name, generateName } = metadata;
  if (name === undefined && generateName !== undefined) {
    if (hookOf(metadata) === undefined) {
      return 'metadata.generateName would make another object at each sync: give it a metadata.name, or make it a hook';
    }
    return isPathSegment(generateName)
      ? undefined
      : `metadata.generateName must be a name, it is ${describe(generateName)}`;
  }
  return isPathSegment(name) ? undefined : `metadata.name must be a name, it is ${describe(name)}`;
}

function namespaceFault({ name, namespace }: { name: unknown; namespace?: unknown }): string | undefined {
  if (namespace === undefined || namespace === null || namespace === '' || isPathSegment(namespace)) return undefined;
  return `metadata.namespace of "${String(name)}" must be a name, it is ${describe(namespace)}`;
}

function mapFault(field: 'labels' | 'annotations', metadata: Record<string, unknown>): string | undefined {
  const { name, [field]: map } = metadata;
  if (map === undefined || map === null) return undefined;
  if (!isObject(map)) return `metadata.${field} of "${String(name)}" must be an object`;
  for (const [key, text] of Object.entries(map)) {
    if (typeof text !== 'string')
      return `metadata.${field}["${key}"] of "${String(name)}" must be text, it is ${describe(text)}`;
  }
  return undefined;
}

/** What a Kubernetes API path can hold; kernel/object keys rely on it too. */
function isPathSegment(name: unknown): boolean {
  if (typeof name !== 'string') return false;
  return name !== '' && name.length <= 253 && name !== '.' && name !== '..' && !/[/%\s]/.test(name);
}

function bigintIn(value: unknown): string | undefined {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return undefined;
  for (const member of Object.values(value)) {
    const found = bigintIn(member);
    if (found !== undefined) return found;
  }
  return undefined;
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  return (typeof value === 'bigint' ? String(value) : JSON.stringify(value)).slice(0, 80);
}
