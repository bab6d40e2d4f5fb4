import { isObject } from '../kernel/json.js';
import { compileClusterSelector, type Matcher } from './selector.js';

/** How the labels and annotations of one cluster can matter to a set of generators. */
export interface ClusterDependency {
  /** One for each clusters generator, at any nesting; 'any' when one of them cannot be told before expansion. */
  selectors: readonly Matcher[] | 'any';
  /** Whether parameters other than name and server can reach a template. */
  readsMetadata: boolean;
}

export interface ClusterMetadata {
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
}

/** Errs on the side of "touched": a set that runs for nothing costs time, one that does not run is wrong. */
export function clusterDependency(spec: unknown): ClusterDependency {
  const generators = clustersGenerators(spec);
  return { selectors: selectorsOf(generators), readsMetadata: readsMetadata(spec) };
}

/** Whether a cluster that was `before` and is `after` can give the set other results. */
export function isTouched(dependency: ClusterDependency, before: ClusterMetadata, after: ClusterMetadata): boolean {
  if (dependency.selectors === 'any') return true;
  return dependency.selectors.some((matches) => {
    const [was, is] = [matches(before.labels), matches(after.labels)];
    return was !== is || (is && dependency.readsMetadata);
  });
}

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

/**
 * Fast templates name their parameters, so a set that never spells `metadata` cannot read labels. Go templates and
 * flat lists can hand on whole parameter objects, so they always may; so may post-selectors, and Handlebars by a block,
 * a helper or `this`.
 */
function readsMetadata(spec: unknown): boolean {
  if (!isObject(spec) || spec['goTemplate'] === true) return true;
  const { template: _template, ...others } = spec;
  const generators = JSON.stringify(others);
  if (generators.includes('flatList') || generators.includes('metadata')) return true;
  const text = JSON.stringify(spec['template'] ?? '') + generators;
  return /\{\{[^}]*metadata\b/.test(text) || HANDLEBARS.test(text);
}

/** What no fast template says in its tags. */
const HANDLEBARS = /\{\{[^}]*(?:[#^&({@]|\bthis\b|[^\s{~]\s+[^\s}~])/;
