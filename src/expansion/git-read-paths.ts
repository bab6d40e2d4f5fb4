import type { RemoteRead } from './expansion.js';
import { compilePathMatch } from './generators/path-match.js';
import { compilePathspec } from './generators/pathspec.js';
import { ExpansionFailure } from './failure.js';

type PathTest = (path: string) => boolean;

/**
 * Whether a path can matter to a recorded read of a Git generator. Takes a little too much rather than too little:
 * what the patterns exclude counts too, since a recorded `!x` may be either.
 */
export function mattersTo({ kind, patterns }: Pick<RemoteRead, 'kind' | 'patterns'>): PathTest {
  const readings = patterns.flatMap((pattern) => (pattern.startsWith('!') ? [pattern, pattern.slice(1)] : [pattern]));
  const tests = readings.map(kind === 'directories' ? directoryTest : fileTest);
  return (path) => tests.some((matches) => matches(path));
}

const never: PathTest = () => false;

function directoryTest(pattern: string): PathTest {
  return compilePathMatch(pattern) ?? never;
}

function fileTest(pattern: string): PathTest {
  try {
    return compilePathspec(pattern, '');
  } catch (error) {
    if (error instanceof ExpansionFailure) return never;
    throw error;
  }
}
