import { sourcesOf, type ApplicationSource, type ApplicationSpec } from './application.js';

export interface SourceFault {
  path: string;
  message: string;
}

/** What the sources of a spec lack to be rendered at all, or undefined (argocd-behaviour.md 4.1). */
export function sourceFault(spec: ApplicationSpec): SourceFault | undefined {
  const sources = sourcesOf(spec);
  if (sources.length === 0 && !spec.sourceHydrator) {
    return { path: 'spec.source', message: 'an Application needs source or sources' };
  }
  const isSeveral = spec.sources !== undefined && spec.sources !== null && spec.sources.length > 0;
  for (const [index, source] of sources.entries()) {
    const path = isSeveral ? `spec.sources[${index}]` : 'spec.source';
    const fault = faultIn(source, path, sources.length > 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultIn(source: ApplicationSource, path: string, isOneOfMany: boolean): SourceFault | undefined {
  const { repoURL, chart, ref, targetRevision } = source;
  if (!repoURL) return { path: `${path}.repoURL`, message: 'repoURL is required' };
  const isNamed = Boolean(source.path) || Boolean(chart) || (isOneOfMany && Boolean(ref));
  if (!isNamed) return { path, message: 'path or chart is required; "." is the root of the repository' };
  if (chart && !targetRevision) {
    return { path: `${path}.targetRevision`, message: 'a chart needs targetRevision: a version or a range' };
  }
  return undefined;
}
