import { fail, ok, type Result } from '../../kernel/result.js';
import type { RenderRequest } from '../../rendering/domain/render-request.js';
import { sourcesOf, type ApplicationSpec } from './application.js';

/** The one source to render. Several sources are refused by name, never half-rendered. */
export function renderRequestOf(spec: ApplicationSpec): Result<RenderRequest, { code: string; message: string }> {
  const sources = sourcesOf(spec);
  const [source] = sources;
  if (source === undefined || spec.sourceHydrator) {
    return fail({
      code: 'SOURCE_TYPE_NOT_SUPPORTED',
      message: 'spec.sourceHydrator is not supported by this version: give spec.source',
    });
  }
  if (sources.length > 1) {
    return fail({
      code: 'SOURCE_TYPE_NOT_SUPPORTED',
      message: 'several spec.sources are not supported by this version: give one',
    });
  }
  if (source.chart) {
    return fail({
      code: 'SOURCE_TYPE_NOT_SUPPORTED',
      message: 'spec.source.chart is not supported by this version: give a path in a Git repository',
    });
  }
  const { repoURL, targetRevision, path, ...rest } = source;
  const options = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null && value !== undefined));
  return ok({ ...options, repoURL, revision: targetRevision ?? '', path: path ?? '' });
}
