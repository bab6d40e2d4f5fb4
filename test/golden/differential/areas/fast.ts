import { Budget } from '../../../../src/expansion/budget.js';
import { DEFAULT_LIMITS } from '../../../../src/expansion/limits.js';
import { newParameters } from '../../../../src/expansion/parameters.js';
import { fastTemplates } from '../../../../src/expansion/templates/fast-template.js';
import { Warnings } from '../../../../src/expansion/warnings.js';
import type { Area, Question } from '../area.js';
import { textOf } from './random-text.js';

const PIECES = [
  '{{',
  '}}',
  '{',
  '}',
  '{{name}}',
  '{{ name }}',
  '{{path[0]}}',
  '{{.name}}',
  '{{values.x}}',
  '{{missing}}',
  '{{number}}',
  '{{}}',
  '{{ }}',
  'x',
  ' ',
  '\n',
  '\u00a0',
  'name',
  '{{name\n}}',
  '{{empty}}',
  '{{again}}',
  '{{{name}}}',
  'é',
  '\u2028',
];
const DATA = {
  name: 'web',
  'path[0]': 'apps',
  'values.x': 'v',
  number: 1,
  empty: '',
  again: '{{name}}',
  '.name': 'dot',
  flag: true,
};

/** Argo CD's default tags. */
export const FAST: Area = {
  name: 'fast',
  question: (random) => ({ area: 'fast', text: textOf(random, PIECES, 6), data: DATA }),
  answer: ({ text = '', data }: Question) =>
    fastTemplates
      .compile(text, 'here')
      .render(newParameters(data as object), new Budget(DEFAULT_LIMITS, new Warnings(10))),
};
