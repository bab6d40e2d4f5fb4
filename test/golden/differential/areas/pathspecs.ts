import { compilePathspec } from '../../../../src/expansion/generators/pathspec.js';
import type { Area, Question } from '../area.js';
import { textOf } from './random-text.js';

const PIECES = [
  'a',
  'b',
  'apps',
  'x.yaml',
  '*',
  '*',
  '**',
  '?',
  '/',
  '/',
  '/',
  '[ab]',
  '[^a]',
  '[!a]',
  '[a-c]',
  '[[:alpha:]]',
  '[[:bad:]]',
  '\\*',
  '-',
  '.',
  './',
  '../',
  'é',
  '[',
  ']',
  '\\',
  '[]a]',
  '{a,b}',
  '.yaml',
  ' ',
];

/** Files of the repository that the oracle keeps for these questions. */
const FILES = [
  'b',
  'ab',
  'x.yaml',
  'apps/a/x.yaml',
  'apps/b/x.yaml',
  'apps/a.yaml',
  'a/b/c.yaml',
  'a/a',
  '*',
  '[a]',
  'é/x.yaml',
  'c-d',
  'a b/x.yaml',
  '.hidden/x.yaml',
  'apps/]',
  'a]',
  'a-',
  '{a,b}',
  'a/{a,b}',
  'apps/b/deep/er/x.yaml',
];

/** git's own pathspecs, of git files. */
export const PATHSPECS: Area = {
  name: 'pathspec',
  preamble: { area: 'files', data: FILES },
  question: (random) => ({ area: 'pathspec', pattern: textOf(random, PIECES, 5) }),
  answer: ({ pattern = '' }: Question) => {
    const takes = compilePathspec(pattern, 'here');
    return FILES.filter(takes).sort();
  },
};
