import type { Random } from '../../../support/seeded-random.js';
import type { Area } from '../area.js';
import { literal, textOf } from './random-text.js';
import { renderedTemplate, TEMPLATE_PREAMBLE } from './template-answer.js';

const ATOMS = [
  'a',
  'b',
  'é',
  '.',
  '\\d',
  '\\w',
  '\\s',
  '\\W',
  '[a-c]',
  '[^a-c]',
  '[[:digit:]_]',
  '[^[:^alpha:]x]',
  '\\p{L}',
  '\\pN',
  '\\P{Lu}',
  '\\p{Greek}',
  '\\b',
  '\\B',
  '^',
  '$',
  '\\A',
  '\\z',
  '\\Z',
  '-',
  '\\.',
  '\\Qa.b\\E',
  '\\x41',
  '\\x{e9}',
  '[\\]a]',
  '[]a]',
  '[a-]',
  '\\n',
  '(?i)',
  '\\1',
  '\\C',
  '\\K',
  '\\h',
  '\\u0041',
  '\\cA',
  '[\\d-z]',
  '[z-a]',
  '\\pX',
  '\\07',
  '\\e',
  '\\/',
  '\\_',
  '\\-',
  '\\é',
  '/',
  ' ',
  '&',
  '{',
  '}',
  ']',
];
const REPEATS = [
  '',
  '',
  '',
  '',
  '*',
  '+',
  '?',
  '*?',
  '+?',
  '??',
  '{2}',
  '{1,}',
  '{0,2}',
  '{,2}',
  '{2,1}',
  '{1001}',
  '**',
  '++',
  '*+',
  '{2}{3}',
];
const OPENINGS = [
  '(',
  '(',
  '(?:',
  '(?i:',
  '(?P<n>',
  '(?<m>',
  '(?s)(',
  '(?m)(',
  '(?U)(',
  '(?-s:',
  '(?=',
  '(?!',
  '(?<=',
  '(?>',
  '(?P=n',
  '(?#',
];
const TEXTS = [
  'a',
  'b',
  'c',
  'aa',
  'é',
  'É',
  'A',
  'x1',
  ' ',
  '\n',
  '-',
  '.',
  'a.b',
  '😀',
  'K',
  'ſ',
  'ß',
  '_',
  '{',
  '7',
  'Ω',
  '\t',
  '\u2028',
];
const REPLACEMENTS = [
  'x',
  '$1',
  '${1}',
  '$1x',
  '${1}x',
  '$n',
  '${n}y',
  '$$',
  '$',
  '${',
  '${}',
  '$0',
  '-$2-',
  '\\1',
  '${1',
  '$é',
  '$m_',
  '${m}_',
  '$01',
  '$-',
];

/** Patterns, texts and replacements for sprig's regular expressions. */
export const REGEXES: Area = {
  name: 'regex',
  preamble: TEMPLATE_PREAMBLE,
  question: (random) => ({ area: 'template', text: `{{${call(random)} | toJson}}`, option: 'default' }),
  answer: renderedTemplate,
};

function call(random: Random): string {
  const pattern = literal(alternatives(random, 2));
  const text = literal(textOf(random, TEXTS, 6));
  const count = random.below(5) - 1;
  switch (random.below(6)) {
    case 0:
      return `mustRegexMatch ${pattern} ${text}`;
    case 1:
      return `regexFind ${pattern} ${text}`;
    case 2:
      return `regexFindAll ${pattern} ${text} ${count}`;
    case 3:
      return `regexSplit ${pattern} ${text} ${count}`;
    case 4:
      return `regexReplaceAllLiteral ${pattern} ${text} ${literal(textOf(random, REPLACEMENTS, 2))}`;
    default:
      return `regexReplaceAll ${pattern} ${text} ${literal(textOf(random, REPLACEMENTS, 2))}`;
  }
}

function alternatives(random: Random, depth: number): string {
  return Array.from({ length: random.below(4) === 0 ? 2 : 1 }, () => sequence(random, depth)).join('|');
}

function sequence(random: Random, depth: number): string {
  return Array.from({ length: 1 + random.below(3) }, () => {
    const isGroup = depth > 0 && random.below(4) === 0;
    const atom = isGroup ? `${random.pick(OPENINGS)}${alternatives(random, depth - 1)})` : random.pick(ATOMS);
    return atom + random.pick(REPEATS);
  }).join('');
}
