import type { Random } from '../../../support/seeded-random.js';
import { compileClusterSelector, compilePostSelector } from '../../../../src/expansion/selector.js';
import { matchesExpression, parseSelector } from '../../../../src/kernel/label-selector.js';
import type { Area, Question } from '../area.js';

const KEYS = [
  'env',
  'tier',
  'app.kubernetes.io/name',
  'a',
  'A_b-c.d',
  '',
  'x y',
  '-a',
  'a-',
  'a/b/c',
  '/a',
  'a/',
  'Ex.com/a',
  'ex..com/a',
  'ü',
  `${'k'.repeat(63)}`,
  `${'k'.repeat(64)}`,
  `${'p'.repeat(253)}/a`,
  `${'p'.repeat(254)}/a`,
  'path[0]',
  'a\n',
];
const VALUES = [
  'prod',
  'dev',
  '',
  'a.b_c-D',
  '1',
  'https://x',
  ' ',
  'a b',
  '-x',
  'x-',
  'ü',
  `${'v'.repeat(63)}`,
  `${'v'.repeat(64)}`,
  'prod\n',
  'a/b',
];
const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'in', '', 'Gt', 'Equals'];

const FEW_KEYS = KEYS.slice(0, 4);
const FEW_VALUES = VALUES.slice(0, 5);

function key(random: Random): string {
  return random.pick(random.below(8) === 0 ? KEYS : FEW_KEYS);
}

function value(random: Random): string {
  return random.pick(random.below(8) === 0 ? VALUES : FEW_VALUES);
}

function labels(random: Random): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: random.below(4) }, () => [random.pick(FEW_KEYS), random.pick(FEW_VALUES)]),
  );
}

function selector(random: Random): unknown {
  const matchLabels = Object.fromEntries(Array.from({ length: random.below(3) }, () => [key(random), value(random)]));
  const matchExpressions = Array.from({ length: random.below(3) }, () => ({
    key: key(random),
    operator: random.pick(random.below(12) === 0 ? OPERATORS : OPERATORS.slice(0, 4)),
    ...(random.below(3) > 0 && { values: Array.from({ length: random.below(3) }, () => value(random)) }),
  }));
  return random.below(4) === 0 ? { matchExpressions } : { matchLabels, matchExpressions };
}

export const SELECTORS: Area = {
  name: 'selectors',
  question: (random) => ({ area: 'selector', data: selector(random), labels: labels(random) }),
  answer: ({ data, labels: given = {} }: Question) => compileClusterSelector(data, 'selector')(given),
};

export const POST_SELECTORS: Area = {
  name: 'post-selectors',
  question: (random) => ({ area: 'post-selector', data: selector(random), labels: labels(random) }),
  answer: ({ data, labels: given = {} }: Question) => compilePostSelector(data, 'selector')?.(given),
};

const SPACES = ['', '', '', ' ', '  ', '\t'];

function term(random: Random): string {
  const space = (): string => random.pick(SPACES);
  const [left, right] = [key(random), value(random)];
  switch (random.below(5)) {
    case 0:
      return `${left}${space()}${random.pick(['=', '==', '!='])}${space()}${right}`;
    case 1:
      return left;
    case 2:
      return `!${space()}${left}`;
    case 3:
      return `${left} ${random.pick(['in', 'notin', 'In', 'is'])}${space()}(${Array.from({ length: random.below(4) }, () => space() + value(random) + space()).join(',')})`;
    default:
      return `${left}=${right}`;
  }
}

/** The text of kubectl's `-l`. */
export const LABEL_QUERIES: Area = {
  name: 'label-queries',
  question: (random) => ({
    area: 'label-query',
    text: Array.from({ length: random.below(4) }, () => random.pick(SPACES) + term(random)).join(
      random.below(15) === 0 ? ',,' : ',',
    ),
    labels: labels(random),
  }),
  answer: ({ text = '', labels: given = {} }: Question) =>
    parseSelector(text).every((expression) => matchesExpression(expression, given)),
};
