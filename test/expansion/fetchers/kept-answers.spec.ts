import { expect, it } from 'vitest';
import { KeptAnswers } from '../../../src/expansion/fetchers/kept-answers.js';
import { ok } from '../../../src/kernel/result.js';
import { HeldClock } from '../../support/held-clock.js';

it('keeps no answer of a time that the clock was set back from', async () => {
  const clock = new HeldClock();
  const answers = new KeptAnswers(clock);
  const question = { question: ['https://scm.example.com'], maxAgeSeconds: 600, notBefore: 0 };
  await answers.ask(question, async () => ok('then'));
  expect(answers.known(question)).toEqual(ok('then'));
  clock.advance(-3_600);
  expect(answers.known(question)).toBeUndefined();
});
