import { newParameters, type Parameters } from '../parameters.js';
import type { GeneratorInput } from './generator.js';
import type { GitPattern } from './git.js';
import { addPath, recordRead, sourceOf, takenPaths } from './git-paths.js';
import { compilePathMatch } from './path-match.js';

/** Directories that a pattern takes and no exclude pattern does, in walk order (argocd-behaviour.md 1.3). */
export async function directorySets(input: GeneratorInput, patterns: GitPattern[]): Promise<Parameters[]> {
  const compiled = patterns.map(({ pattern, path, isExclude }) => ({
    pattern,
    isExclude,
    takes: matcherOf(input, pattern, path),
  }));
  const all = await input.context.reads.paths('directories', sourceOf(input));
  const taken = await takenPaths(input, all, compiled);
  recordRead(input, { kind: 'directories', patterns }, taken.length);
  input.context.budget.chargeParameterSets(taken.length, input.path);
  return input.context.budget.pace.map(taken, (directory) => {
    const parameters = newParameters();
    addPath(parameters, { directory }, input);
    return parameters;
  });
}

/** A malformed pattern takes nothing, with a warning, as Argo CD logs and skips it. */
function matcherOf({ context }: GeneratorInput, pattern: string, path: string): (directory: string) => boolean {
  const matches = compilePathMatch(pattern);
  if (matches) return matches;
  context.budget.warnings.add(`${path}: "${pattern}" is not a valid pattern and takes nothing`);
  return () => false;
}
