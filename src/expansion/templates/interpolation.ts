import type { TemplateEngine } from './engine.js';

/** The engine that fills a matrix's second child, which stands at this path. */
export type Interpolation = (child: string) => TemplateEngine;

/** Where the `values` of generators stand that wait for their own parameters: the child's, and those it combines. */
const VALUES =
  /^(?:\.(?:matrix|merge)\.generators\[\d+\])*\.(?:git|clusters|scmProvider|pullRequest|plugin|clusterDecisionResource)\.values(\..*)?$/s;

const asWritten: TemplateEngine = { compile: (text) => ({ isStatic: true, render: () => text }) };

/**
 * For a matrix's second child (argocd-behaviour.md 2.4): in `values` a missing parameter leaves the entry as written, to
 * be filled by the generator's own parameters, and keys are not rendered; elsewhere the set's options hold.
 */
export function interpolationOf(texts: TemplateEngine, values: TemplateEngine): Interpolation {
  return (child) => ({
    compile: (text, path) => {
      const place = path.startsWith(child) ? VALUES.exec(path.slice(child.length)) : null;
      if (place === null) return texts.compile(text, path);
      return (place[1] === undefined ? asWritten : values).compile(text, path);
    },
  });
}
