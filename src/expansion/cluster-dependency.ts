import { isObject, own } from '../kernel/json.js';
import { metadataReads, type MetadataReads } from './metadata-reads.js';
import { compileClusterSelector, type Matcher } from './selector.js';

/** How the labels and annotations of one cluster can matter to a set of generators. */
export interface ClusterDependency {
  /** One for each clusters generator, at any nesting; 'any' when one of them cannot be told before expansion. */
  selectors: readonly Matcher[] | 'any';
  /** What of a matching cluster's metadata can reach a result. */
  reads: MetadataReads;
}

export interface ClusterMetadata {
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
}

/** Errs on the side of "touched": a set that runs for nothing costs time, one that does not run is wrong. */
export function clusterDependency(spec: unknown): ClusterDependency {
  const generators = clustersGenerators(spec);
  return { selectors: selectorsOf(generators), reads: metadataReads(spec) };
}

/** Whether a cluster that was `before` and is `after` can give the set other results. */
export function isTouched(dependency: ClusterDependency, before: ClusterMetadata, after: ClusterMetadata): boolean {
  if (dependency.selectors === 'any') return true;
  return dependency.selectors.some((matches) => {
    const [was, is] = [matches(before.labels), matches(after.labels)];
    return was !== is || (is && differs(dependency.reads, before, after));
  });
}

/** Maps that become or cease to be empty count for themselves: Go templates leave empty ones out. */
function differs(reads: MetadataReads, before: ClusterMetadata, after: ClusterMetadata): boolean {
  if (reads === 'any') return true;
  if (reads.size === 0) return false;
  return OF.some((of) => {
    const [was, is] = [before[of], after[of]];
    if ((Object.keys(was).length === 0) !== (Object.keys(is).length === 0)) return true;
    return [...reads].some((name) => {
      const key = name.slice(of.length + 1);
      return name.startsWith(`${of}.`) && own(was, key) !== own(is, key);
    });
  });
}

const OF = ['labels', 'annotations'] as const;

function selectorsOf(generators: readonly Record<string, unknown>[]): readonly Matcher[] | 'any' {
  try {
    const selectors = generators.map(({ selector }) => selector ?? {});
    if (selectors.some((selector) => JSON.stringify(selector).includes('{{'))) return 'any';
    return selectors.map((selector) => compileClusterSelector(selector, 'selector'));
  } catch {
    return 'any'; // a selector that does not compile is for the expansion to report
  }
}

/** Every `clusters:` entry, wherever generators nest. */
function clustersGenerators(node: unknown): Record<string, unknown>[] {
  if (Array.isArray(node)) return node.flatMap(clustersGenerators);
  if (!isObject(node)) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === 'clusters' && isObject(value) ? [value] : clustersGenerators(value),
  );
}
