import { newParameters, type Parameters } from '../parameters.js';
import type { GeneratorInput } from './generator.js';
import type { GitPattern } from './git.js';
import { addPath, recordRead, sourceOf } from './git-paths.js';
import { compilePathMatch } from './path-match.js';

/** Directories that a pattern takes and no exclude pattern does, in walk order (argocd-behaviour.md 1.3). */
export async function directorySets(input: GeneratorInput, patterns: GitPattern[]): Promise<Parameters[]> {
  const includes = matchersOf(
    input,
    patterns.filter(({ isExclude }) => !isExclude),
  );
  const excludes = matchersOf(
    input,
    patterns.filter(({ isExclude }) => isExclude),
  );
  const all = await input.context.reads.paths('directories', sourceOf(input));
  const taken = all.filter(
    (directory) => includes.some((matches) => matches(directory)) && !excludes.some((matches) => matches(directory)),
  );
  recordRead(input, { kind: 'directories', patterns }, taken.length);
  input.context.budget.chargeParameterSets(taken.length, input.path);
  return taken.map((directory) => {
    const parameters = newParameters();
    addPath(parameters, { directory }, input);
    return parameters;
  });
}

/** A malformed pattern takes nothing, with a warning, as Argo CD logs and skips it. */
function matchersOf({ context }: GeneratorInput, patterns: GitPattern[]): ((directory: string) => boolean)[] {
  return patterns.map(({ pattern, path }) => {
    const matches = compilePathMatch(pattern);
    if (matches) return matches;
    context.budget.warnings.add(`${path}: "${pattern}" is not a valid pattern and takes nothing`);
    return () => false;
  });
}
