import { describe, expect, it } from 'vitest';
import { search, shrunk } from '../../../faults/search.js';

const FIRST = 101;
const HISTORIES = 100;

/** The other half, so that two workers share them. */
describe('more histories of edits, faults and pauses', () => {
  it('end as the reference model has it, and delete nothing that was wanted', { timeout: 600_000 }, async () => {
    const totals = await search({ histories: HISTORIES, seed: FIRST, untilFailure: true });
    const [failure] = totals.failures;
    expect(failure && `seed ${failure.seed}\n${(await shrunk(failure)).text}`).toBeUndefined();
    expect(totals.histories).toBe(HISTORIES);
  });
});
