import { compileGlob } from '../../../../src/kernel/glob.js';
import { parseGlob } from '../../../../src/kernel/glob-syntax.js';
import { invalid } from '../../../../src/kernel/errors.js';
import { compilePathMatch } from '../../../../src/expansion/generators/path-match.js';
import type { Area, Question } from '../area.js';
import { textOf } from './random-text.js';

const PIECES = [
  'a',
  'b',
  'ab',
  '*',
  '*',
  '**',
  '?',
  '/',
  '/',
  '[ab]',
  '[^a]',
  '[!a]',
  '[a-c]',
  '\\*',
  '-',
  '.',
  'é',
  '😀',
  '[',
  ']',
  '\\',
  '[]a]',
  '[a-',
  '[^]',
  '[\\]]',
  '[--a]',
  '[c-a]',
  '{a,b}',
  '{',
  '}',
  ',',
  '{a*,?}',
  '[a-',
  '^',
  '!',
];
const TEXTS = ['a', 'b', 'c', 'ab', '/', '/', '.', '-', 'é', '😀', '*', ']', '[', '\\', '^', '!', ',', '{', '}'];

/** Go's path.Match, of git directories. */
export const PATHS: Area = {
  name: 'path-match',
  question: (random) => ({ area: 'path-match', pattern: textOf(random, PIECES, 5), text: textOf(random, TEXTS, 5) }),
  answer: ({ pattern = '', text = '' }: Question) => {
    const matches = compilePathMatch(pattern);
    if (!matches) throw invalid('PATTERN_INVALID', pattern, []);
    return matches(text);
  },
};

/** gobwas/glob, of projects; with separators where a wildcard stays in one segment. */
export const GLOBS: Area = {
  name: 'glob',
  question: (random) => ({
    area: 'glob',
    pattern: textOf(random, PIECES, 5),
    text: textOf(random, TEXTS, 5),
    option: random.pick(['', '/']),
  }),
  answer: ({ pattern = '', text = '', option }: Question) => {
    const parsed = parseGlob(pattern, { segments: option === '/' });
    if (!parsed) throw invalid('PATTERN_INVALID', pattern, []);
    return compileGlob(parsed)(text);
  },
};
