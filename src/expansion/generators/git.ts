import { ExpansionFailure } from '../failure.js';
import { flagField, listField, objectOf, textField } from '../fields.js';
import type { Generator, GeneratorInput } from './generator.js';
import { directorySets } from './git-directories.js';
import { fileSets } from './git-files.js';
import { valuesOf } from './values.js';

/** One item of `directories` or `files`. */
export interface GitPattern {
  pattern: string;
  isExclude: boolean;
  path: string;
}

/** argocd-behaviour.md 1.3: where both lists are set directories win; where neither is, that is an error. */
export const gitGenerator: Generator = async (input) => {
  const directories = patternsOf(input, 'directories');
  const files = patternsOf(input, 'files');
  if (directories.length === 0 && files.length === 0) {
    throw new ExpansionFailure('GENERATOR_EMPTY', `${input.path} needs directories or files`, input.path);
  }
  const sets = directories.length > 0 ? await directorySets(input, directories) : await fileSets(input, files);
  return input.context.budget.pace.map(sets, valuesOf(input));
};

function patternsOf({ spec, path }: GeneratorInput, key: string): GitPattern[] {
  return listField(spec, key, path).map((item, index) => {
    const where = `${path}.${key}[${index}]`;
    const fields = objectOf(item, where);
    return { pattern: textField(fields, 'path', where), isExclude: flagField(fields, 'exclude', where), path: where };
  });
}
