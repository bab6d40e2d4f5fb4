import { isObject, own } from '../../../kernel/json.js';
import { fail, ok, type Result } from '../../../kernel/result.js';
import { substitute } from '../build-environment.js';
import { editImages } from './kustomize-images.js';
import { renderFailure, type RenderFailure } from '../render-failure.js';
import type { KustomizeOptions } from '../render-request.js';

type Kustomization = Record<string, unknown>;
type Edited = Result<Kustomization, RenderFailure>;

const KNOWN = new Set([
  ...['namePrefix', 'nameSuffix', 'namespace', 'images', 'replicas', 'patches'],
  ...['components', 'ignoreMissingComponents'],
  ...['commonLabels', 'forceCommonLabels', 'labelWithoutSelector', 'labelIncludeTemplates'],
  ...['commonAnnotations', 'forceCommonAnnotations', 'commonAnnotationsEnvsubst'],
  // They speak to the Helm inside kustomize (kustomize-renderer.ts).
  ...['kubeVersion', 'apiVersions'],
]);

export interface KustomizeContext {
  /** Variables that images, labels and, where asked for, annotations may use. */
  environment: ReadonlyMap<string, string>;
  /** Whether a path lies in the repository, seen from the kustomization. */
  exists: (path: string) => boolean;
}

/**
 * An Application's `source.kustomize` written into its kustomization, as `kustomize edit` would: what the file says of
 * the same thing is replaced, not stacked (argocd-behaviour.md 4.1).
 */
export function applyKustomizeOptions(
  kustomization: Kustomization,
  options: KustomizeOptions,
  { environment, exists }: KustomizeContext,
): Edited {
  const unknown = Object.keys(options).find((field) => !KNOWN.has(field) && isGiven(options[field]));
  if (unknown !== undefined) return refuse(unknown, 'is not supported yet');
  const edited: Kustomization = { ...kustomization };
  for (const field of ['namePrefix', 'nameSuffix', 'namespace'] as const) {
    if (isGiven(options[field])) edited[field] = options[field];
  }
  const overrides = (options.images ?? []).map((image) => substitute(image, environment));
  const images = editImages(listOf(edited, 'images'), overrides);
  if (images === undefined)
    return refuse('images', 'holds an entry that is no image: name=new:tag, name:tag or name@digest');
  if (images.length > 0) edited.images = images;
  if ((options.patches ?? []).length > 0) edited.patches = [...listOf(edited, 'patches'), ...(options.patches ?? [])];
  const added = (options.components ?? []).filter((path) => options.ignoreMissingComponents !== true || exists(path));
  if (added.length > 0) edited.components = components(edited, added);
  const withReplicas = setReplicas(edited, options);
  const withLabels = withReplicas.ok ? addLabels(withReplicas.value, options, environment) : withReplicas;
  return withLabels.ok ? addAnnotations(withLabels.value, options, environment) : withLabels;
}

/** True when the options change anything, so that an untouched file stays byte for byte what Git holds. */
export function hasKustomizeOptions(options: KustomizeOptions | undefined): options is KustomizeOptions {
  return options !== undefined && Object.values(options).some(isGiven);
}

function setReplicas(edited: Kustomization, options: KustomizeOptions): Edited {
  const wanted = new Map<string, unknown>();
  for (const { name, count } of options.replicas ?? []) {
    const number = Number(count);
    if (!/^[-+]?\d+$/.test(String(count)) || !Number.isSafeInteger(number) || name.includes('=')) {
      return refuse('replicas', `of "${name}" must be a whole number`);
    }
    wanted.set(name, { name, count: number });
  }
  if (wanted.size === 0) return ok(edited);
  const kept = listOf(edited, 'replicas').filter((entry) => !(isObject(entry) && wanted.has(String(entry.name))));
  return ok({ ...edited, replicas: [...kept, ...wanted.values()] });
}

function addLabels(edited: Kustomization, options: KustomizeOptions, environment: ReadonlyMap<string, string>): Edited {
  const written = Object.entries(options.commonLabels ?? {});
  if (written.length === 0) return ok(edited);
  const pairs = asWords(written.map(([key, value]) => [key, substitute(value, environment)]));
  const force = options.forceCommonLabels === true;
  const includeTemplates = options.labelIncludeTemplates === true;
  if (options.labelWithoutSelector === true) return addLabelEntry(edited, pairs, { force, includeTemplates });
  if (includeTemplates) return refuse('labelIncludeTemplates', 'needs labelWithoutSelector: true');
  return addPairs(edited, 'commonLabels', { pairs, force });
}

/** Into the first entry of `labels` with the same settings, else into one of its own. */
function addLabelEntry(
  edited: Kustomization,
  pairs: Record<string, string>,
  { force, includeTemplates }: { force: boolean; includeTemplates: boolean },
): Edited {
  const entries = listOf(edited, 'labels');
  const at = entries.findIndex(
    (entry) =>
      isObject(entry) &&
      !own(entry, 'includeSelectors') &&
      (own(entry, 'includeTemplates') ?? false) === includeTemplates,
  );
  const entry = at < 0 ? { includeSelectors: false, ...(includeTemplates ? { includeTemplates } : {}) } : entries[at];
  const added = addPairs(entry as Kustomization, 'pairs', { pairs, force });
  if (!added.ok) return added;
  return ok({ ...edited, labels: at < 0 ? [...entries, added.value] : entries.with(at, added.value) });
}

function addAnnotations(
  edited: Kustomization,
  options: KustomizeOptions,
  environment: ReadonlyMap<string, string>,
): Edited {
  const isTemplate = options.commonAnnotationsEnvsubst === true;
  const written = Object.entries(options.commonAnnotations ?? {});
  const pairs = asWords(written.map(([key, value]) => [key, isTemplate ? substitute(value, environment) : value]));
  return addPairs(edited, 'commonAnnotations', { pairs, force: options.forceCommonAnnotations === true });
}

/** As `kustomize edit` reads the words `key:value`: parted by the first colon, without quotes around the value. */
function asWords(written: readonly (readonly [string, string])[]): Record<string, string> {
  const pairs = written.map(([key, value]): [string, string] => {
    const [first = '', ...rest] = `${key}:${value}`.split(':');
    return [first, rest.join(':').replace(/^"([^]*)"$/, '$1')];
  });
  return Object.fromEntries(pairs);
}

const PAIRS = {
  commonLabels: { field: 'commonLabels', flag: 'forceCommonLabels' },
  pairs: { field: 'commonLabels', flag: 'forceCommonLabels' },
  commonAnnotations: { field: 'commonAnnotations', flag: 'forceCommonAnnotations' },
} as const;

function addPairs(
  edited: Kustomization,
  member: keyof typeof PAIRS,
  { pairs, force }: { pairs: Record<string, string>; force: boolean },
): Edited {
  if (Object.keys(pairs).length === 0) return ok(edited);
  const present = own(edited, member);
  const known = isObject(present) ? present : {};
  const taken = Object.keys(pairs).find((key) => Object.hasOwn(known, key));
  if (taken !== undefined && !force) {
    const { field, flag } = PAIRS[member];
    return refuse(field, `sets "${taken}", which the kustomization sets already; ${flag}: true replaces it`);
  }
  return ok({ ...edited, [member]: { ...known, ...pairs } });
}

function components(edited: Kustomization, added: readonly string[]): unknown[] {
  const present = listOf(edited, 'components');
  return [...present, ...new Set(added.filter((entry) => !present.includes(entry)))];
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
