import { messageOf } from '../../kernel/errors.js';
import { isObject } from '../../kernel/json.js';
import { parseYaml } from '../../kubernetes/yaml.js';
import { ExpansionFailure } from '../failure.js';
import { compareBytes } from '../go-format.js';
import { flattenParameters, newParameters, type Parameters } from '../parameters.js';
import type { GeneratorInput } from './generator.js';
import type { GitPattern } from './git.js';
import { addPath, baseName, directoryName, recordRead, sourceOf, takenPaths } from './git-paths.js';
import { GENERATOR_TEXT } from './generator-text.js';
import { compilePathspec } from './pathspec.js';

const CHARACTERS_A_UNIT = 2;

/** Files that a pattern takes and no exclude pattern does, by path; one set for each object in them (1.3). */
export async function fileSets(input: GeneratorInput, patterns: GitPattern[]): Promise<Parameters[]> {
  const { reads, budget } = input.context;
  const source = sourceOf(input);
  const files = await taken(input, patterns);
  recordRead(input, { kind: 'files', patterns }, files.length);
  const sets: Parameters[] = [];
  for (const file of files) {
    const objects = await reads.content(source, file, (text) => {
      budget.chargeWork(text.length / CHARACTERS_A_UNIT, input.path);
      return objectsOf(text, `${file} of ${source.repoURL}`, input.path);
    });
    budget.chargeParameterSets(objects.length, input.path);
    for (const set of await budget.pace.map(objects, (object) => fileSet(object, file, input))) sets.push(set);
  }
  return sets;
}

async function taken(input: GeneratorInput, patterns: GitPattern[]): Promise<string[]> {
  const compiled = patterns.map(({ pattern, path, isExclude }) => ({
    pattern,
    isExclude,
    takes: compilePathspec(pattern, path),
  }));
  const paths = await input.context.reads.paths('files', sourceOf(input));
  return (await takenPaths(input, paths, compiled)).sort(compareBytes);
}

/** An object, a list of objects, or for an empty file one empty object. */
function objectsOf(text: string, file: string, path: string): (object | null)[] {
  const content = parseFile(text, file, path);
  if (content === null) return [{}];
  if (isObject(content)) return [content];
  if (Array.isArray(content) && content.every((item) => item === null || isObject(item))) return content;
  throw unreadable(`${file} must hold an object or a list of objects`, path);
}

function parseFile(text: string, file: string, path: string): unknown {
  try {
    return parseYaml(text, GENERATOR_TEXT);
  } catch (error) {
    throw unreadable(`cannot read ${file}: ${messageOf(error)}`, path);
  }
}

function unreadable(message: string, path: string): ExpansionFailure {
  return new ExpansionFailure('GIT_FILE_INVALID', message, path);
}

function fileSet(object: object | null, file: string, input: GeneratorInput): Parameters {
  const { context, path } = input;
  const spend = (units: number): void => context.budget.chargeMembers(units, path);
  const members = object ?? {};
  const parameters = newParameters(context.goTemplate ? members : flattenParameters(members, spend));
  addPath(parameters, { directory: directoryName(file), filename: baseName(file) }, input);
  return parameters;
}
