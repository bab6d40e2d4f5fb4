import { isObject } from '../../kernel/json.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import { renderFailure, type RenderFailure } from './render-failure.js';
import type { SourceRequest } from './render-request.js';

export type SourceType = 'Directory' | 'Helm' | 'Kustomize';

export const KUSTOMIZATION_FILES: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

const EXPLICIT = ['kustomize', 'helm', 'directory', 'plugin'] as const;

/**
 * What renders a source: the option block it carries, else what lies in its directory (argocd-behaviour.md 4.1). An
 * empty block counts as absent. `names` are the files of the directory itself.
 */
export function sourceTypeOf(source: SourceRequest, names: ReadonlySet<string>): Result<SourceType, RenderFailure> {
  const explicit = EXPLICIT.filter((field) => !isEmpty(source[field]));
  const [field] = explicit;
  if (explicit.length > 1) {
    return fail(renderFailure('SOURCE_INVALID', `a source has at most one of ${explicit.join(', ')}`, explicit[1]));
  }
  if (field === 'plugin') return notSupported('plugin', 'config management plugins');
  if (field === 'kustomize') return ok('Kustomize');
  if (field === 'helm' || !isEmpty(source.chart)) return ok('Helm');
  if (!isEmpty(source.directory?.jsonnet)) return notSupported('directory.jsonnet', 'Jsonnet');
  if (field === 'directory') return ok('Directory');
  // Argo CD looks at the files by name, and the last of them that says something counts: no `Chart.yaml`.
  if (KUSTOMIZATION_FILES.some((name) => names.has(name))) return ok('Kustomize');
  return ok(names.has('Chart.yaml') ? 'Helm' : 'Directory');
}

function notSupported(path: string, what: string): Result<never, RenderFailure> {
  return fail(renderFailure('SOURCE_TYPE_NOT_SUPPORTED', `${what} are not rendered yet (found ${path})`, path));
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.values(value).every(isEmpty);
  return value === undefined || value === null || value === false || value === '';
}
