import { isObject } from '../../kernel/json.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import { renderFailure, type RenderFailure } from './render-failure.js';
import type { RenderRequest } from './render-request.js';

export type SourceType = 'Directory' | 'Kustomize';

export const KUSTOMIZATION_FILES: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

// Rendering without it would deploy something else than Argo CD does.
const OVERRIDES = '.argocd-source.yaml';
const EXPLICIT = ['kustomize', 'helm', 'directory', 'plugin'] as const;

/**
 * What renders a source: the option block it carries, else what lies in its directory (argocd-behaviour.md 4.1). An
 * empty block counts as absent. `names` are the files of the directory itself.
 */
export function sourceTypeOf(request: RenderRequest, names: ReadonlySet<string>): Result<SourceType, RenderFailure> {
  if (names.has(OVERRIDES)) return notSupported(OVERRIDES, 'parameter overrides kept beside the source');
  if (!isEmpty(request.chart)) return notSupported('chart', 'Helm charts');
  const explicit = EXPLICIT.filter((field) => !isEmpty(request[field]));
  const [field] = explicit;
  if (explicit.length > 1) {
    return fail(renderFailure('SOURCE_INVALID', `a source has at most one of ${explicit.join(', ')}`, explicit[1]));
  }
  if (field === 'helm') return notSupported('helm', 'Helm charts');
  if (field === 'plugin') return notSupported('plugin', 'config management plugins');
  if (field === 'kustomize') return ok('Kustomize');
  if (!isEmpty(request.directory?.jsonnet)) return notSupported('directory.jsonnet', 'Jsonnet');
  if (field === 'directory') return ok('Directory');
  if (names.has('Chart.yaml')) return notSupported('Chart.yaml', 'Helm charts');
  return ok(KUSTOMIZATION_FILES.some((name) => names.has(name)) ? 'Kustomize' : 'Directory');
}

function notSupported(path: string, what: string): Result<never, RenderFailure> {
  return fail(renderFailure('SOURCE_TYPE_NOT_SUPPORTED', `${what} are not rendered yet (found ${path})`, path));
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.values(value).every(isEmpty);
  return value === undefined || value === null || value === false || value === '';
}
