import { canonicalJson, isObject } from '../../kernel/json.js';
import { groupOf, objectId, objectKey, type KubernetesObject } from '../../kernel/object.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import { manifestFault, unusableFault } from './manifest-faults.js';
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

/** Whether manifests that no cluster would take fail the source, or are kept with a warning as where Argo CD prints them. */
export type UnusableManifests = 'refuse' | 'warn';

export interface CheckedManifests {
  /**
   * One per group, kind, namespace and name, and each with a generated name; sorted by group, kind and name. Those that
   * differ in the namespace alone keep the order of the sources: one of them may get the other's by default.
   */
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
  unusable: UnusableManifests = 'refuse',
): Result<CheckedManifests, RenderFailure> {
  const found = new Map<string, KubernetesObject>();
  const warnings: string[] = [];
  let total = 0;
  const manifests = documents.flatMap(unfoldList);
  if (manifests.length > limits.maxObjects)
    return tooLarge(`the source renders ${manifests.length} objects`, limits.maxObjects);
  for (const [index, { origin, value }] of manifests.entries()) {
    const invalid = (fault: string) => fail(renderFailure('MANIFEST_INVALID', `${origin}: ${fault}`, origin));
    const fault = manifestFault(value);
    if (fault !== undefined) return invalid(fault);
    const object = withMetadata(value as KubernetesObject);
    const text = canonicalJson(object);
    const unusableFor = unusableFault(object, text);
    if (unusableFor !== undefined && unusable === 'refuse') return invalid(unusableFor);
    if (unusableFor !== undefined) warnings.push(`${origin}: ${unusableFor}`);
    const key = isUnnamed(object) ? `${String(index)} ${objectKey(objectId(object))}` : objectKey(objectId(object));
    const bytes = Buffer.byteLength(text);
    total += bytes;
    if (bytes > limits.maxObjectBytes) return tooLarge(`${key} has ${bytes} bytes`, limits.maxObjectBytes);
    if (found.delete(key)) warnings.push(`${key} appears more than once: the one of ${origin} counts`);
    found.set(key, object);
  }
  if (total > limits.maxTotalBytes) return tooLarge(`the source renders ${total} bytes`, limits.maxTotalBytes);
  return ok({ objects: sorted([...found.values()]), warnings });
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

/** Anything with a list of `items` stands for them, an empty one for nothing, as Kubernetes' own decoder has it. */
export function unfoldList(document: ManifestDocument): ManifestDocument[] {
  const { origin, value } = document;
  if (!isObject(value)) return [document];
  if (value.items === null && !('spec' in value) && !('status' in value)) return [];
  if (!Array.isArray(value.items)) return [document];
  return value.items.map((item: unknown, index) => ({ origin: `${origin} items[${index}]`, value: item }));
}

function sorted(objects: readonly KubernetesObject[]): KubernetesObject[] {
  const keyed = objects.map((object) => ({ object, key: objectKey({ ...objectId(object), namespace: '' }) }));
  return keyed
    .sort((left, right) => (left.key < right.key ? -1 : Number(left.key > right.key)))
    .map(({ object }) => object);
}

function withMetadata(manifest: KubernetesObject): KubernetesObject {
  return isObject(manifest.metadata) ? manifest : { ...manifest, metadata: {} as KubernetesObject['metadata'] };
}

function isUnnamed({ metadata }: KubernetesObject): boolean {
  return metadata.name === undefined && metadata.generateName !== undefined;
}

function tooLarge(what: string, allowed: number): Result<never, RenderFailure> {
  return fail(renderFailure('RENDER_TOO_LARGE', `${what}; ${allowed} are allowed`));
}
