import { canonicalJson, isObject } from '../../kernel/json.js';
import { groupOf, objectId, objectKey, type KubernetesObject } from '../../kernel/object.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import { renderFailure, type RenderFailure } from './render-failure.js';

/** One document a renderer printed; `origin` says where a reader finds it. */
export interface ManifestDocument {
  origin: string;
  value: unknown;
}

export interface ManifestLimits {
  maxObjects: number;
  maxObjectBytes: number;
  maxTotalBytes: number;
}

export const MANIFEST_LIMITS: ManifestLimits = {
  maxObjects: 5_000,
  // What a Kubernetes API server takes in one request.
  maxObjectBytes: 3 << 20,
  maxTotalBytes: 32 << 20,
};

export interface CheckedManifests {
  /** One per group, kind, namespace and name, sorted by them: equal sources give equal bytes. */
  objects: KubernetesObject[];
  warnings: string[];
}

/**
 * Turns what a renderer printed into objects that can be planned and applied: lists unfolded, every envelope sound, and
 * of an object that appears twice the last one, with a warning (argocd-behaviour.md 4.1).
 */
export function checkManifests(
  documents: readonly ManifestDocument[],
  limits: ManifestLimits = MANIFEST_LIMITS,
): Result<CheckedManifests, RenderFailure> {
  const found = new Map<string, KubernetesObject>();
  const warnings: string[] = [];
  let total = 0;
  for (const { origin, value } of documents.flatMap(unfoldList)) {
    const fault = faultIn(value);
    if (fault !== undefined) return fail(renderFailure('MANIFEST_INVALID', `${origin}: ${fault}`, origin));
    const object = value as KubernetesObject;
    const key = objectKey(objectId(object));
    const bytes = Buffer.byteLength(canonicalJson(object));
    total += bytes;
    if (bytes > limits.maxObjectBytes) return tooLarge(`${key} has ${bytes} bytes`, limits.maxObjectBytes);
    if (found.has(key)) warnings.push(`${key} appears more than once: the one of ${origin} counts`);
    found.set(key, object);
    if (found.size > limits.maxObjects) return tooLarge('the source renders more objects than that', limits.maxObjects);
  }
  if (total > limits.maxTotalBytes) return tooLarge(`the source renders ${total} bytes`, limits.maxTotalBytes);
  const sorted = [...found].sort(([left], [right]) => (left < right ? -1 : 1));
  return ok({ objects: sorted.map(([, object]) => object), warnings });
}

/** True of a bundle that must be sealed at rest: it carries a Secret's content. */
export function holdsSecrets(objects: readonly KubernetesObject[]): boolean {
  return objects.some(
    (object) =>
      object.kind === 'Secret' &&
      groupOf(object.apiVersion) === '' &&
      [object.data, object.stringData].some((content) => isObject(content) && Object.keys(content).length > 0),
  );
}

/** A `List`, or any `…List`, stands for its items; an empty one for nothing. */
export function unfoldList(document: ManifestDocument): ManifestDocument[] {
  const { origin, value } = document;
  if (!isObject(value) || typeof value.kind !== 'string' || !value.kind.endsWith('List')) return [document];
  if (value.items === null) return [];
  if (!Array.isArray(value.items)) return [document];
  return value.items.map((item: unknown, index) => ({ origin: `${origin} items[${index}]`, value: item }));
}

function faultIn(value: unknown): string | undefined {
  if (!isObject(value)) return `a manifest must be an object, this is ${describe(value)}`;
  for (const field of ['apiVersion', 'kind']) {
    const text = value[field];
    if (typeof text !== 'string' || text === '') return `${field} must be text, it is ${describe(text)}`;
  }
  if (!/^(?:[^/\s]+\/)?[^/\s]+$/.test(String(value.apiVersion)))
    return `"${String(value.apiVersion)}" is no apiVersion`;
  if (/[/\s]/.test(String(value.kind))) return `"${String(value.kind)}" is no kind`;
  if (!isObject(value.metadata)) return `${String(value.kind)}: metadata must be an object`;
  const fault = faultInMetadata(value.metadata);
  return fault === undefined ? undefined : `${String(value.kind)}: ${fault}`;
}

function faultInMetadata(metadata: Record<string, unknown>): string | undefined {
  const { name, generateName, namespace } = metadata;
  if (name === undefined && generateName !== undefined) {
    return 'metadata.generateName would make another object at each sync: give it a metadata.name';
  }
  if (typeof name !== 'string' || !isPathSegment(name)) return `metadata.name must be a name, it is ${describe(name)}`;
  if (namespace != null && (typeof namespace !== 'string' || (namespace !== '' && !isPathSegment(namespace)))) {
    return `metadata.namespace of "${name}" must be a name, it is ${describe(namespace)}`;
  }
  for (const field of ['labels', 'annotations']) {
    const map = metadata[field];
    if (map != null && !isObject(map)) return `metadata.${field} of "${name}" must be an object`;
    for (const [key, text] of Object.entries(map ?? {})) {
      if (typeof text !== 'string')
        return `metadata.${field}["${key}"] of "${name}" must be text, it is ${describe(text)}`;
    }
  }
  return undefined;
}

/** What a Kubernetes API path can hold; kernel/object keys rely on it too. */
function isPathSegment(name: string): boolean {
  return name !== '' && name.length <= 253 && name !== '.' && name !== '..' && !/[/%\s]/.test(name);
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  return JSON.stringify(value).slice(0, 80);
}

function tooLarge(what: string, allowed: number): Result<never, RenderFailure> {
  return fail(renderFailure('RENDER_TOO_LARGE', `${what}; ${allowed} are allowed`));
}
