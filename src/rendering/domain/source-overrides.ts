import { isObject } from '../../kernel/json.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import { mergePatch } from '../../kubernetes/merge-patch.js';
import { renderFailure, type RenderFailure } from './render-failure.js';
import type { SourceRequest } from './render-request.js';

/** Files beside a source that change its options: for everyone, then for one Application (argocd-behaviour.md 4.1). */
export function overrideFiles(instance: string): string[] {
  return ['.argocd-source.yaml', `.argocd-source-${instance}.yaml`];
}

/** Whether a name is that of such a file, for whichever Application. */
export function isOverrideFile(name: string): boolean {
  return /^\.argocd-source(?:-.+)?\.yaml$/.test(name);
}

/** The source with one override file merged in. What is read, and from where, is not the file's to say. */
export function overrideSource(
  source: SourceRequest,
  { file, content }: { file: string; content: unknown },
): Result<SourceRequest, RenderFailure> {
  if (content === null || content === undefined) return ok(source);
  if (!isObject(content)) return fail(renderFailure('SOURCE_INVALID', `${file} must be an object`, file));
  const { kustomize, helm, directory, plugin } = content;
  const patch = Object.entries({ kustomize, helm, directory, plugin }).filter(([, value]) => value !== undefined);
  return ok(mergePatch(source, Object.fromEntries(patch)) as SourceRequest);
}
