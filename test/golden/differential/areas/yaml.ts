import type { Random } from '../../../support/seeded-random.js';
import { isObject } from '../../../../src/kernel/json.js';
import { invalid } from '../../../../src/kernel/errors.js';
import { parseYaml } from '../../../../src/kubernetes/yaml.js';
import type { Area, Question } from '../area.js';
import { textOf } from './random-text.js';
import { renderedTemplate, TEMPLATE_PREAMBLE } from './template-answer.js';

const SCALARS = [
  '1',
  '-1',
  '+1',
  '0',
  '007',
  '0o17',
  '0x1F',
  '0b101',
  '1_000',
  '1.5',
  '.5',
  '5.',
  '1e3',
  '1E+3',
  '-.5',
  '.inf',
  '-.Inf',
  '.nan',
  '1:30',
  '22:22:22',
  '2024-01-02',
  '2024-01-02T03:04:05Z',
  '2024-01-02 03:04:05',
  'yes',
  'No',
  'on',
  'OFF',
  'y',
  'n',
  'true',
  'True',
  'TRUE',
  'tRue',
  '~',
  'null',
  'Null',
  '',
  'text',
  '"a\\nb"',
  "'it''s'",
  '"\\u00e9"',
  '"\\x41"',
  '"\\q"',
  'a b',
  'a: b',
  '- a',
  'a#b',
  'a #b',
  '#c',
  '@x',
  '`x`',
  '%x',
  '&a 1',
  '*a',
  '!!str 1',
  '!!int "3"',
  '!!float 3',
  '!!binary aGk=',
  '!x y',
  '!!null x',
  '|',
  '>',
  '9223372036854775807',
  '18446744073709551616',
  '123456789012345678901234',
  '1e400',
  '0.1',
  '100000000000000000000',
  '08',
  '-0',
  '-0.0',
  '0.0',
  '1__0',
  '_1',
  '0_7',
  '12e03',
  '=',
  '<<',
  '? a',
  '[a, b]',
  '{a: 1}',
  '[1, [2]]',
  '{a: , b}',
  '[a,]',
  '{"a":1}',
  '"a": 1',
  "'",
  '"',
  '[',
  '{',
  'é😀',
  '\t',
  'a\tb',
  '1.0',
  '1.',
  '+.5',
  '+0x1',
  '-0b1',
  '0xg',
  '1e',
  'e1',
  '!!bool yes',
  '!!timestamp 2024-01-02',
  '!!set {a}',
  '!<tag:yaml.org,2002:str> 1',
];
const KEYS = [
  'a',
  'b',
  'c',
  '"d"',
  'a',
  '1',
  'true',
  'null',
  '1.5',
  '~',
  'yes',
  '? x',
  '[k]',
  '0x10',
  '2024-01-01',
  '<<',
  'é',
  'a b',
  '"a\\nb"',
  "''",
  '1e3',
  '.5',
  '!!str 1',
];

const HEADS = ['', '', '', '', '---\n', '%YAML 1.1\n---\n', '# c\n'];
const TAILS = ['', '', '', '\n---\nz: 1\n', '\n...\n', '\n...\njunk: [', '\n'];

/** Documents of git files and element lists. */
export const YAML_FILES: Area = {
  name: 'yaml',
  question: (random) => ({
    area: 'yaml',
    text: `${random.pick(HEADS)}${random.below(6) === 0 ? block(random, '', 3).trimEnd() : block(random, '', 3) + random.pick(TAILS)}`,
  }),
  answer: ({ text = '' }: Question) => {
    const content = parseYaml(text, { duplicateKeys: 'last-wins' });
    if (content === null) return [{}];
    if (isObject(content)) return [content];
    if (Array.isArray(content) && content.every((item) => item === null || isObject(item))) return content;
    throw invalid('GIT_FILE_INVALID', 'neither an object nor a list of objects', []);
  },
};

function block(random: Random, indent: string, depth: number): string {
  if (depth === 0) return `${random.pick(SCALARS)}\n`;
  const size = 1 + random.below(3);
  const isList = random.below(4) === 0;
  const anchor = random.below(12) === 0 ? '&a ' : '';
  const lines = Array.from({ length: size }, () => {
    const isDeep = random.below(4) === 0;
    const head = isList ? '-' : `${random.pick(random.below(3) === 0 ? KEYS : KEYS.slice(0, 4))}:`;
    if (isDeep) return `${indent}${head} ${anchor}\n${block(random, `${indent}  `, depth - 1)}`;
    const odd = random.below(10);
    if (odd === 0)
      return `${indent}${head} ${random.pick(['|', '>', '|-', '>-', '|+', '>+', '|2', '>1'])}\n${Array.from({ length: 1 + random.below(3) }, () => `${indent}  ${random.pick(['x', ' y z', '', '# no', 't\tt'])}\n`).join('')}`;
    if (odd === 1) return `${indent}${head} ${anchor}{b: ${random.pick(SCALARS)}}\n`;
    return `${indent}${head} ${anchor}${random.pick(SCALARS)}\n`;
  });
  return lines.join('');
}

const CHARACTERS = [
  'a',
  'b c',
  ' ',
  '\n',
  '\t',
  ':',
  ': ',
  '#',
  ' #',
  '-',
  '- ',
  '?',
  ',',
  '[',
  '{',
  '}',
  '&',
  '*',
  '!',
  '|',
  '>',
  "'",
  '"',
  '%',
  '@',
  '`',
  '\\',
  '\r',
  'é',
  '😀',
  '\u00a0',
  '\u0001',
  '0',
  '1',
  '.',
  'e',
  'x',
  '_',
  '+',
  'true',
  'no',
  'null',
  '~',
  '=',
  '<<',
  '---',
  '...',
  '2024-01-02',
  '1:30',
  '\n\n',
  '\n ',
  'long words that go on and on ',
  'https://example.com/a/long/path?with=a&query=of,some;length ',
  'word ',
];

/** toYaml of texts that YAML must quote, fold or write as a block. */
export const YAML_TEXTS: Area = {
  name: 'yaml-texts',
  preamble: TEMPLATE_PREAMBLE,
  question: (random) => {
    const text = JSON.stringify(textOf(random, CHARACTERS, random.below(4) === 0 ? 14 : 4));
    const view = random.pick([
      `toYaml ${text}`,
      `dict "k" ${text} | toYaml`,
      `list ${text} | toYaml`,
      `dict ${text} "v" | toYaml`,
      `dict "outer" (dict "inner" (list ${text} 1)) | toYaml`,
      `dict "k" (dict ${text} (list 1)) | toYaml`,
    ]);
    return { area: 'template', text: `{{${view}}}`, option: 'default' };
  },
  answer: renderedTemplate,
};

/** fromYaml and fromYamlArray, the document's type seen through toJson. */
export const YAML_READ: Area = {
  name: 'yaml-read',
  preamble: TEMPLATE_PREAMBLE,
  question: (random) => ({
    area: 'template',
    text: `{{${random.pick(['fromYaml', 'fromYaml', 'fromYamlArray'])} ${JSON.stringify(block(random, '', 2))} | toJson}}`,
    option: 'default',
  }),
  answer: renderedTemplate,
};
