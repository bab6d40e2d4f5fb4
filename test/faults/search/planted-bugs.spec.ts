import { describe, expect, it } from 'vitest';
import { generateHistory } from '../../../faults/model/generate.js';
import { LOST_UPDATE, PREMATURE_DELETE, SKIPPED_REVISION } from '../../../faults/planted.js';
import { search, shrunk } from '../../../faults/search.js';
import { runHistory } from '../../../faults/simulation/run-history.js';

const DEFAULT_HISTORIES = 1_000;

describe('a bug that is planted in what surrounds the hub', () => {
  it.each([
    ['a lost update', LOST_UPDATE, ['lost write', 'no convergence', 'plan differs']],
    ['a premature delete', PREMATURE_DELETE, ['wrong delete']],
    ['a skipped revision', SKIPPED_REVISION, ['no convergence']],
  ])('is found: %s', { timeout: 600_000 }, async (_name, seams, rules) => {
    const { failures } = await search({ histories: DEFAULT_HISTORIES, seed: 1, seams, untilFailure: true });
    expect(failures).toHaveLength(1);
    expect(rules).toContain(failures[0]?.violations[0]?.rule);
  });

  it('is found again in the same history, statement by statement', async () => {
    const { failures } = await search({
      histories: DEFAULT_HISTORIES,
      seed: 1,
      seams: SKIPPED_REVISION,
      untilFailure: true,
    });
    const history = generateHistory(failures[0]?.seed ?? 0);
    const again = await runHistory(history, SKIPPED_REVISION);
    expect(again).toEqual(await runHistory(history, SKIPPED_REVISION));
    expect(again.violations).toEqual(failures[0]?.violations);
  });

  it('is shown in a shorter history than it was found in', { timeout: 600_000 }, async () => {
    const { failures } = await search({
      histories: DEFAULT_HISTORIES,
      seed: 1,
      seams: PREMATURE_DELETE,
      untilFailure: true,
    });
    const [failure] = failures;
    if (!failure) throw new Error('nothing was found');
    const { history } = await shrunk(failure, PREMATURE_DELETE);
    expect(history.steps.length).toBeLessThan(generateHistory(failure.seed).steps.length);
    expect((await runHistory(history, PREMATURE_DELETE)).violations[0]?.rule).toBe('wrong delete');
    expect((await runHistory(history)).violations).toEqual([]);
  });
});
