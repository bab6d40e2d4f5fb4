import type { TemplateEngine } from './engine.js';

/** Places of `values` maps in the second child of a matrix, or in what that child itself combines. */
const VALUES =
  /\.matrix\.generators\[1\](?:\.(?:matrix|merge)\.generators\[\d+\])*\.(?:git|clusters|scmProvider|pullRequest|plugin|clusterDecisionResource)\.values\./;

/**
 * For a matrix's second child (argocd-behaviour.md 2.4): `values` wait, where a missing parameter leaves the entry as
 * written, to be filled by the child's own parameters; elsewhere the set's options hold.
 */
export function interpolationOf(texts: TemplateEngine, values: TemplateEngine): TemplateEngine {
  return { compile: (text, path) => (VALUES.test(path) ? values : texts).compile(text, path) };
}
