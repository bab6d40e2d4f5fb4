import { compileGlob, type GlobMatcher } from '../../kernel/glob.js';
import { parseGlob } from '../../kernel/glob-syntax.js';

/** One entry of `sourceRepos` or one field of a destination: a glob, or with a leading `!` everything but that glob. */
export interface NegatableGlob {
  denies: boolean;
  matches: GlobMatcher;
}

const never: GlobMatcher = () => false;

/** A malformed glob matches nothing, so its negation matches everything (as in Argo CD). `*` alone crosses segments. */
export function negatableGlob(pattern: string, options: { segments?: boolean } = {}): NegatableGlob {
  const denies = pattern.startsWith('!');
  const glob = denies ? pattern.slice(1) : pattern;
  if (!denies && glob === '*') return { denies, matches: () => true };
  const nodes = parseGlob(glob, options);
  const matches = nodes ? compileGlob(nodes) : never;
  return { denies, matches: denies ? (text) => !matches(text) : matches };
}
