import type { Random } from '../../../support/seeded-random.js';
import type { Area } from '../area.js';
import { literal } from './random-text.js';
import { renderedTemplate, TEMPLATE_PREAMBLE } from './template-answer.js';

const NUMBERS = ['0', '1', '2', '3', '10', '01', 'x', '*', 'X', '99999999999999999999'];
const OPERATORS = ['', '', '=', '!=', '>', '<', '>=', '<=', '=>', '=<', '~', '~>', '^', '==', '><'];
const JOINS = [', ', ' ', ' || ', ',', '||', ' - ', '  ,  ', ' | '];
const TAILS = [
  '',
  '',
  '',
  '',
  '-alpha',
  '-rc.1',
  '-1',
  '-0',
  '+b1',
  '-rc.1+b1',
  '-01',
  '-',
  '-a.b.c',
  '-beta.2',
  '+',
  '-é',
];
const METHODS = [
  'Major',
  'Minor',
  'Patch',
  'Prerelease',
  'Metadata',
  'Original',
  'String',
  'IncMajor',
  'IncMinor',
  'IncPatch',
];

/** Versions and constraints of Masterminds/semver. */
export const VERSIONS: Area = {
  name: 'versions',
  preamble: TEMPLATE_PREAMBLE,
  question: (random) => ({ area: 'template', text: `{{${call(random)}}}`, option: 'default' }),
  answer: renderedTemplate,
};

function call(random: Random): string {
  const given = literal(version(random));
  if (random.below(5) === 0) return `(semver ${given}).${random.pick(METHODS)}`;
  if (random.below(10) === 0) return `(semver ${given}).Compare (semver ${literal(version(random))})`;
  return `semverCompare ${literal(constraint(random))} ${given}`;
}

function constraint(random: Random): string {
  const terms = Array.from({ length: 1 + random.below(3) }, () => {
    return `${random.pick(OPERATORS)}${random.below(6) === 0 ? ' ' : ''}${version(random, NUMBERS.length)}`;
  });
  return terms.reduce((all, term) => all + random.pick(JOINS) + term);
}

function version(random: Random, numbers = 6): string {
  const parts = Array.from(
    { length: 1 + random.below(random.below(20) === 0 ? 4 : 3) },
    () => NUMBERS[random.below(random.below(12) === 0 ? NUMBERS.length : Math.min(numbers, 5))],
  );
  const open = numbers > 6 && random.below(4) === 0 ? [random.pick(['x', '*'])] : [];
  return `${random.below(6) === 0 ? 'v' : ''}${[...parts, ...open].slice(0, 4).join('.')}${random.pick(TAILS)}`;
}
