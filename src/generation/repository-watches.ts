import type { RepositoryWatch, Watches } from '../repositories/domain/repository-watch.js';
import type { GeneratedPlan } from './generated-plan.js';

/**
 * What a set depends on beside documents: for each repository the revisions and patterns its Git generators read, and
 * the questions it put to providers. After a failure everything counts, since nobody knows what was not read.
 */
export function repositoryWatches({
  expansion,
  repositories,
}: Pick<GeneratedPlan, 'expansion' | 'repositories'>): Map<string, Watches> {
  const reads = expansion.branches.flatMap(({ remoteReads }) => remoteReads);
  const watches = new Map<string, Watches>();
  for (const url of repositories) {
    const known = reads.flatMap(({ repoURL, revision, kind, patterns }): RepositoryWatch[] =>
      repoURL === url && (kind === 'directories' || kind === 'files')
        ? [{ revision, patterns: { kind, patterns } }]
        : [],
    );
    watches.set(url, expansion.errors.length > 0 || known.length === 0 ? 'everything' : known);
  }
  for (const { repoURL, kind } of reads)
    if (kind === 'pullRequests' || kind === 'repositories') watches.set(`${kind}:${repoURL}`, 'everything');
  return watches;
}
