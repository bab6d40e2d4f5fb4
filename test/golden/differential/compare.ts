import { isDeepStrictEqual } from 'node:util';
import { writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { ExpansionFailure } from '../../../src/expansion/failure.js';
import { FleetError } from '../../../src/kernel/errors.js';
import { seededRandom } from '../../support/seeded-random.js';
import type { Area, Question } from './area.js';
import { AREAS } from './areas/all.js';
import { NO_ANSWER, Oracle, type GoAnswer } from './oracle.js';

const { SEED = '1', COUNT = '2000', AREA = '', OUT = '' } = process.env;

describeAreas();

/** SEED, COUNT and AREA choose what is compared; OUT names a file for the differences. */
function describeAreas(): void {
  const areas = AREAS.filter(({ name }) => AREA === '' || AREA.split(',').includes(name));
  const oracle = new Oracle();
  it.each(areas.map((area) => [area.name, area] as const))('%s', (name, area) => {
    const questions = questionsOf(area);
    const preamble = area.preamble ? [area.preamble] : [];
    const answers = oracle.ask(preamble, questions);
    const differences = questions.flatMap((question, index) => difference(area, question, answers[index] ?? {}));
    process.stdout.write(`${name}: ${questions.length} compared, ${differences.length / 3} differ\n`);
    if (OUT !== '') writeFileSync(`${OUT}.${name}`, differences.join('\n'));
  });
}

function questionsOf(area: Area): Question[] {
  const random = seededRandom(Number(SEED));
  return Array.from({ length: Number(COUNT) }, () => area.question(random));
}

function difference(area: Area, question: Question, go: GoAnswer): string[] {
  if (go.error === NO_ANSWER) return [];
  const ours = ourAnswer(area, question);
  if (
    (go.error === undefined) === (ours.error === undefined) &&
    isDeepStrictEqual(counted(area, ours), counted(area, go))
  )
    return [];
  return [
    JSON.stringify({ ...question, ...(question.area === 'template' && { area: undefined }) }),
    `   go   ${JSON.stringify(go)}`,
    `   ours ${JSON.stringify(ours)}`,
  ];
}

export function ourAnswer(area: Area, question: Question): GoAnswer {
  try {
    return { value: area.answer(question) };
  } catch (error) {
    if (error instanceof ExpansionFailure || error instanceof FleetError) return { error: error.message };
    return { error: `CRASH ${String((error as Error).stack)}`, value: 'crash' };
  }
}

function counted(area: Area, { value }: GoAnswer): unknown {
  const counts = area.counted && value != null ? area.counted(value) : value;
  return counts === undefined ? null : (JSON.parse(JSON.stringify(counts)) as unknown);
}
