import { describe, expect, it } from 'vitest';
import type { Step } from '../../../faults/model/history.js';
import { search, shrunk } from '../../../faults/search.js';
import { runHistory } from '../../../faults/simulation/run-history.js';

const HISTORIES = 100;

/** Other seeds: `npm run faults -- --histories N --seed S`. */
describe('histories of edits, faults and pauses', () => {
  it('end as the reference model has it, and delete nothing that was wanted', { timeout: 600_000 }, async () => {
    const totals = await search({ histories: HISTORIES, seed: 1, untilFailure: true });
    const [failure] = totals.failures;
    expect(failure && `seed ${failure.seed}\n${(await shrunk(failure)).text}`).toBeUndefined();
    expect(totals.histories).toBe(HISTORIES);
  });
});

describe('histories that once failed', () => {
  it('let a set have a name as soon as the set that had it before is gone with its Applications', async () => {
    const steps: Step[] = [
      { step: 'edit', edit: { edit: 'push', directory: 'a', object: 'one', value: '0' } },
      { step: 'edit', edit: { edit: 'set', name: 's1', spec: directoriesTo('c3') } },
      { step: 'settle' },
      { step: 'edit', edit: { edit: 'set', name: 's1', spec: null } },
      { step: 'edit', edit: { edit: 'set', name: 's1', spec: directoriesTo('c1') } },
    ];
    for (let seed = 1; seed <= 10; seed += 1) expect((await runHistory({ seed, steps })).violations).toEqual([]);
  });
});

function directoriesTo(cluster: 'c1' | 'c3') {
  return { shape: 'directories', env: 'dev', cluster, directory: 'a' } as const;
}
