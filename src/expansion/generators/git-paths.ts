import { textField } from '../fields.js';
import { normalizeName } from '../normalize-name.js';
import { StringList, type Parameters } from '../parameters.js';
import type { GitSource } from '../reads.js';
import type { GeneratorInput } from './generator.js';
import type { GitPattern } from './git.js';

/** Go's path.Base and path.Dir of a clean, relative path. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const directoryName = (path: string): string =>
  path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';

export function sourceOf({ spec, path }: GeneratorInput): GitSource {
  return { repoURL: textField(spec, 'repoURL', path), revision: textField(spec, 'revision', path), path };
}

/** Keeps in the branch's record what the read gave for these patterns. */
export function recordRead(
  input: GeneratorInput,
  read: { kind: 'directories' | 'files'; patterns: GitPattern[] },
  results: number,
): void {
  const patterns = read.patterns.map(({ pattern, isExclude }) => (isExclude ? `!${pattern}` : pattern));
  input.context.reads.record({ ...sourceOf(input), kind: read.kind, patterns }, results);
}

/** A compiled pattern of `directories` or `files`. */
export interface PathPattern {
  pattern: string;
  isExclude: boolean;
  takes(path: string): boolean;
}

/** A match takes at most pattern times path, and mostly far less. */
const COMPARISONS_A_UNIT = 256;

/** The paths that a pattern takes and no exclude pattern does, in their order. */
export function takenPaths(
  { context: { budget }, path }: GeneratorInput,
  paths: readonly string[],
  patterns: readonly PathPattern[],
): Promise<string[]> {
  const includes = patterns.filter(({ isExclude }) => !isExclude);
  const excludes = patterns.filter(({ isExclude }) => isExclude);
  const takes = (pattern: PathPattern, candidate: string): boolean => {
    budget.chargeWork(1 + (pattern.pattern.length * candidate.length) / COMPARISONS_A_UNIT, path);
    return pattern.takes(candidate);
  };
  return budget.pace.filter(
    paths,
    (candidate) =>
      includes.some((pattern) => takes(pattern, candidate)) && !excludes.some((pattern) => takes(pattern, candidate)),
  );
}

/**
 * Adds the path parameters of a directory, and of the file in it where there is one: flat keys such as `path[0]`, or
 * in Go mode one object; `pathParamPrefix` keeps two git generators of a matrix apart.
 */
export function addPath(
  parameters: Parameters,
  where: { directory: string; filename?: string },
  input: GeneratorInput,
): void {
  const prefix = textField(input.spec, 'pathParamPrefix', input.path);
  const names = pathNames(where);
  const segments = where.directory.split('/');
  if (input.context.goTemplate) {
    const path = { path: where.directory, ...names, segments: StringList.from(segments) };
    parameters[prefix === '' ? 'path' : prefix] = prefix === '' ? path : { path };
    return;
  }
  const key = prefix === '' ? 'path' : `${prefix}.path`;
  parameters[key] = where.directory;
  for (const [name, value] of Object.entries(names)) parameters[`${key}.${name}`] = value;
  segments.forEach((segment, index) => {
    if (segment !== '') parameters[`${key}[${index}]`] = segment;
  });
}

function pathNames({ directory, filename }: { directory: string; filename?: string }): Record<string, string> {
  const basename = baseName(directory);
  const names = { basename, basenameNormalized: normalizeName(basename) };
  return filename === undefined ? names : { ...names, filename, filenameNormalized: normalizeName(filename) };
}
