import { writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { seededRandom } from '../../support/seeded-random.js';
import { agree, ourAnswer } from './answers.js';
import type { Area, Question } from './area.js';
import { AREAS } from './areas/all.js';
import { NO_ANSWER, Oracle, type GoAnswer } from './oracle.js';
import { isSmall, tableFile, type Row } from './tables.js';

const { SEED = '1', COUNT = '2000', AREA = '', OUT = '', RECORD = '' } = process.env;
const ROWS = 150;

compareAreas();

/**
 * SEED, COUNT and AREA choose what is compared; OUT names files for what differs; RECORD=1 keeps the first small
 * questions on which both agree as the tables that `npm test` runs.
 */
function compareAreas(): void {
  const oracle = new Oracle();
  const areas = AREAS.filter(({ name }) => AREA === '' || AREA.split(',').includes(name));
  it.each(areas.map((area) => [area.name, area] as const))('%s', (name, area) => {
    const questions = questionsOf(area);
    const answers = oracle.ask(area.preamble ? [area.preamble] : [], questions);
    const rows = questions.map((question, index): Row => [question, answers[index] ?? {}]);
    const different = rows.filter((row) => differs(area, row));
    process.stdout.write(`${name}: ${questions.length} compared, ${different.length} differ\n`);
    if (OUT !== '') writeFileSync(`${OUT}.${name}`, different.map((row) => told(area, row)).join(''));
    if (RECORD === '') return;
    const kept = rows.filter((row) => isSmall(row) && !isUnanswered(row[1]) && !different.includes(row));
    writeFileSync(tableFile(area), tableText(kept.slice(0, ROWS)));
  });
}

function questionsOf(area: Area): Question[] {
  const random = seededRandom(Number(SEED));
  const asked = Array.from({ length: Number(COUNT) }, () => JSON.stringify(area.question(random)));
  return [...new Set(asked)].map((question) => JSON.parse(question) as Question);
}

function differs(area: Area, [question, go]: Row): boolean {
  return !isUnanswered(go) && !agree(area, ourAnswer(area, question), go);
}

function isUnanswered(go: GoAnswer): boolean {
  return go.error === NO_ANSWER;
}

function told(area: Area, [question, go]: Row): string {
  const lines = [JSON.stringify(question), `   go   ${JSON.stringify(go)}`];
  return [...lines, `   ours ${JSON.stringify(ourAnswer(area, question))}`, ''].join('\n');
}

/** One row a line; Go's words for an error are not kept, as ours are others. */
function tableText(rows: readonly Row[]): string {
  const lines = rows.map(([question, go]) =>
    JSON.stringify([question, go.error === undefined ? go : { error: 'refused' }]),
  );
  return `{"seed":${SEED},"rows":[\n${lines.join(',\n')}\n]}\n`;
}
