import type { RepositoryWatch, Watches } from '../../repositories/domain/repository-watch.js';
import { watchedPaths } from '../../repositories/domain/webhooks/watched-paths.js';
import { sourcesOf, type ApplicationSpec } from './application.js';

const PATHS_ANNOTATION = 'argocd.argoproj.io/manifest-generate-paths';

/** What an Application depends on in each repository it names: a revision, and the paths of its annotation. */
export function applicationWatches(
  spec: ApplicationSpec,
  annotations: Readonly<Record<string, string>>,
): Map<string, Watches> {
  const watches = new Map<string, RepositoryWatch[]>();
  for (const { repoURL, targetRevision, path } of sourcesOf(spec)) {
    const paths = watchedPaths(annotations[PATHS_ANNOTATION], path ?? '');
    const watch = { revision: targetRevision ?? '', ...(paths === undefined ? {} : { paths }) };
    watches.set(repoURL, [...(watches.get(repoURL) ?? []), watch]);
  }
  return watches;
}
