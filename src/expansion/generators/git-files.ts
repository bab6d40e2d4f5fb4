import { messageOf } from '../../kernel/errors.js';
import { isObject } from '../../kernel/json.js';
import { parseYaml } from '../../kubernetes/yaml.js';
import { ExpansionFailure } from '../failure.js';
import { compareBytes } from '../go-format.js';
import { flattenParameters, newParameters, type Parameters } from '../parameters.js';
import type { GeneratorInput } from './generator.js';
import type { GitPattern } from './git.js';
import { addPath, baseName, directoryName, recordRead, sourceOf } from './git-paths.js';
import { compilePathspec } from './pathspec.js';

/** Files that a pattern takes and no exclude pattern does, by path; one set for each object in them (1.3). */
export async function fileSets(input: GeneratorInput, patterns: GitPattern[]): Promise<Parameters[]> {
  const { reads, budget } = input.context;
  const source = sourceOf(input);
  const files = taken(await reads.paths('files', source), patterns);
  recordRead(input, { kind: 'files', patterns }, files.length);
  const sets: Parameters[] = [];
  for (const file of files) {
    const objects = objectsOf(await reads.file(source, file), `${file} of ${source.repoURL}`, input.path);
    budget.chargeParameterSets(objects.length, input.path);
    sets.push(...objects.map((object) => fileSet(object, file, input)));
  }
  return sets;
}

function taken(files: readonly string[], patterns: GitPattern[]): string[] {
  const matchers = patterns.map(({ pattern, path, isExclude }) => ({
    isExclude,
    takes: compilePathspec(pattern, path),
  }));
  const includes = matchers.filter(({ isExclude }) => !isExclude);
  const excludes = matchers.filter(({ isExclude }) => isExclude);
  return files
    .filter((file) => includes.some(({ takes }) => takes(file)) && !excludes.some(({ takes }) => takes(file)))
    .sort(compareBytes);
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
    return parseYaml(text, { duplicateKeys: 'last-wins' });
  } catch (error) {
    throw unreadable(`cannot read ${file}: ${messageOf(error)}`, path);
  }
}

function unreadable(message: string, path: string): ExpansionFailure {
  return new ExpansionFailure('GIT_FILE_INVALID', message, path);
}

function fileSet(object: object | null, file: string, input: GeneratorInput): Parameters {
  const members = object ?? {};
  const parameters = newParameters(input.context.goTemplate ? members : flattenParameters(members));
  addPath(parameters, { directory: directoryName(file), filename: baseName(file) }, input);
  return parameters;
}
