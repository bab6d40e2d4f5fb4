import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Question } from './area.js';

export interface GoAnswer {
  value?: unknown;
  error?: string;
}

/** Where Go gives no answer: a stack without end kills its process, work without end is given up. */
export const NO_ANSWER = 'too long for a comparison';

const MOST_OUTPUT = 2 ** 30;

/** Go's own libraries, asked through the program in `oracle/`; needs Go, and its module proxy the first time. */
export class Oracle {
  private readonly program = join(mkdtempSync(join(tmpdir(), 'oracle-')), 'oracle');

  constructor() {
    execFileSync('go', ['build', '-o', this.program, '.'], { cwd: new URL('oracle/', import.meta.url) });
  }

  ask(preamble: readonly Question[], questions: readonly Question[]): GoAnswer[] {
    const answers: GoAnswer[] = [];
    while (answers.length < questions.length) {
      answers.push(...this.run([...preamble, ...questions.slice(answers.length)]).slice(preamble.length));
      if (answers.length < questions.length) answers.push({ error: NO_ANSWER });
    }
    return answers;
  }

  private run(questions: readonly Question[]): GoAnswer[] {
    const { stdout } = spawnSync(this.program, {
      input: questions.map((question) => JSON.stringify(question)).join('\n'),
      maxBuffer: MOST_OUTPUT,
      encoding: 'utf8',
    });
    const lines = stdout.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as GoAnswer);
  }
}
