import { chartRead } from '../../repositories/charts/domain/chart-read.js';
import type { RepositoryWatch, Watches } from '../../repositories/domain/repository-watch.js';
import { watchedPaths } from '../../repositories/domain/webhooks/watched-paths.js';
import { sourcesOf, type ApplicationSpec } from './application.js';

const PATHS_ANNOTATION = 'argocd.argoproj.io/manifest-generate-paths';

/** What an Application depends on: of each repository a revision and the paths of its annotation, and its charts. */
export function applicationWatches(
  spec: ApplicationSpec,
  annotations: Readonly<Record<string, string>>,
): Map<string, Watches> {
  const watches = new Map<string, RepositoryWatch[]>();
  const charts = new Map<string, Watches>();
  for (const { repoURL, targetRevision, path, chart } of sourcesOf(spec)) {
    if (chart) {
      charts.set(chartRead({ repoURL, chart, version: targetRevision ?? '' }), 'everything');
      continue;
    }
    const paths = watchedPaths(annotations[PATHS_ANNOTATION], path ?? '');
    const watch = { revision: targetRevision ?? '', ...(paths === undefined ? {} : { paths }) };
    watches.set(repoURL, [...(watches.get(repoURL) ?? []), watch]);
  }
  return new Map([...watches, ...charts]);
}
