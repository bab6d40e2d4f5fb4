import type { ChartReference } from '../../domain/checkout.js';

const PREFIX = 'chart:';

/** A chart among the repositories that a reader reads (RepositoryReaders), with the range that decides its version. */
export function chartRead({ repoURL, chart, version }: ChartReference): string {
  return PREFIX + JSON.stringify([repoURL, chart, version]);
}

/** Undefined for the URL of a Git repository. */
export function chartOfRead(read: string): ChartReference | undefined {
  if (!read.startsWith(PREFIX)) return undefined;
  const [repoURL = '', chart = '', version = ''] = JSON.parse(read.slice(PREFIX.length)) as string[];
  return { repoURL, chart, version };
}
