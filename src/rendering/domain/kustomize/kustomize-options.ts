import { isObject, own } from '../../../kernel/json.js';
import { fail, ok, type Result } from '../../../kernel/result.js';
import { editImages } from './kustomize-images.js';
import { renderFailure, type RenderFailure } from '../render-failure.js';
import type { KustomizeOptions } from '../render-request.js';

type Kustomization = Record<string, unknown>;
type Edited = Result<Kustomization, RenderFailure>;

const KNOWN = new Set([
  ...['namePrefix', 'nameSuffix', 'namespace', 'images', 'replicas', 'patches', 'components'],
  ...['commonLabels', 'forceCommonLabels', 'labelWithoutSelector', 'labelIncludeTemplates'],
  ...['commonAnnotations', 'forceCommonAnnotations'],
  // They speak to the Helm inside kustomize, which never runs here.
  ...['kubeVersion', 'apiVersions'],
]);

/**
 * An Application's `source.kustomize` written into its kustomization, as `kustomize edit` would: what the file says of
 * the same thing is replaced, not stacked (argocd-behaviour.md 4.1).
 */
export function applyKustomizeOptions(kustomization: Kustomization, options: KustomizeOptions): Edited {
  const unknown = Object.keys(options).find((field) => !KNOWN.has(field) && isGiven(options[field]));
  if (unknown !== undefined) return refuse(unknown, 'is not supported yet');
  const edited: Kustomization = { ...kustomization };
  for (const field of ['namePrefix', 'nameSuffix', 'namespace'] as const) {
    if (isGiven(options[field])) edited[field] = options[field];
  }
  const images = editImages(listOf(edited, 'images'), options.images ?? []);
  if (images === undefined)
    return refuse('images', 'holds an entry that is no image: name=new:tag, name:tag or name@digest');
  if (images.length > 0) edited.images = images;
  if ((options.patches ?? []).length > 0) edited.patches = [...listOf(edited, 'patches'), ...(options.patches ?? [])];
  if ((options.components ?? []).length > 0) edited.components = components(edited, options.components ?? []);
  const withReplicas = setReplicas(edited, options);
  const withLabels = withReplicas.ok ? addLabels(withReplicas.value, options) : withReplicas;
  return withLabels.ok ? addAnnotations(withLabels.value, options) : withLabels;
}

/** True when the options change anything, so that an untouched file stays byte for byte what Git holds. */
export function hasKustomizeOptions(options: KustomizeOptions | undefined): options is KustomizeOptions {
  return options !== undefined && Object.values(options).some(isGiven);
}

function setReplicas(edited: Kustomization, options: KustomizeOptions): Edited {
  const wanted = new Map<string, unknown>();
  for (const { name, count } of options.replicas ?? []) {
    const number = Number(count);
    if (!Number.isInteger(number) || number < 0) return refuse('replicas', `of "${name}" must be a whole number`);
    wanted.set(name, { name, count: number });
  }
  if (wanted.size === 0) return ok(edited);
  const kept = listOf(edited, 'replicas').filter((entry) => !(isObject(entry) && wanted.has(String(entry.name))));
  return ok({ ...edited, replicas: [...kept, ...wanted.values()] });
}

function addLabels(edited: Kustomization, options: KustomizeOptions): Edited {
  const labels = options.commonLabels ?? {};
  if (Object.keys(labels).length === 0) return ok(edited);
  if (options.labelWithoutSelector !== true) {
    return addPairs(edited, 'commonLabels', { pairs: labels, force: options.forceCommonLabels === true });
  }
  const includeTemplates = options.labelIncludeTemplates === true;
  const entry = { pairs: labels, includeSelectors: false, ...(includeTemplates ? { includeTemplates } : {}) };
  return ok({ ...edited, labels: [...listOf(edited, 'labels'), entry] });
}

function addAnnotations(edited: Kustomization, options: KustomizeOptions): Edited {
  const pairs = options.commonAnnotations ?? {};
  return addPairs(edited, 'commonAnnotations', { pairs, force: options.forceCommonAnnotations === true });
}

function addPairs(
  edited: Kustomization,
  field: 'commonLabels' | 'commonAnnotations',
  { pairs, force }: { pairs: Record<string, string>; force: boolean },
): Edited {
  if (Object.keys(pairs).length === 0) return ok(edited);
  const present = own(edited, field);
  const known = isObject(present) ? present : {};
  const taken = Object.keys(pairs).find((key) => Object.hasOwn(known, key));
  if (taken !== undefined && !force) {
    const flag = field === 'commonLabels' ? 'forceCommonLabels' : 'forceCommonAnnotations';
    return refuse(field, `sets "${taken}", which the kustomization sets already; ${flag}: true replaces it`);
  }
  return ok({ ...edited, [field]: { ...known, ...pairs } });
}

function components(edited: Kustomization, added: readonly string[]): unknown[] {
  const present = listOf(edited, 'components');
  return [...present, ...added.filter((entry) => !present.includes(entry))];
}

function listOf(object: Kustomization, field: string): unknown[] {
  const value = own(object, field);
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function isGiven(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isObject(value)) return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== '' && value !== false;
}

function refuse(field: string, complaint: string): Result<never, RenderFailure> {
  const path = `kustomize.${field}`;
  return fail(renderFailure('KUSTOMIZE_OPTION_REFUSED', `${path} ${complaint}`, path));
}
