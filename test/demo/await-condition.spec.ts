import { describe, expect, it } from 'vitest';
import { awaitCondition } from '../../src/demo/await-condition.js';

const { signal } = new AbortController();

describe('waiting for a condition', () => {
  it('answers what was found, and looks again until then', async () => {
    const answers = [undefined, undefined, 'there'];
    const look = (): string | undefined => answers.shift();
    expect(await awaitCondition({ what: 'x', look, seconds: 10, everyMs: 1, signal })).toBe('there');
  });

  it('says what did not happen and what stands in the way', async () => {
    const waiting = awaitCondition({
      what: 'all clusters run it',
      look: () => undefined,
      explain: () => 'tenant-03 does not',
      seconds: 0,
      everyMs: 1,
      signal,
    });
    await expect(waiting).rejects.toMatchObject({
      code: 'NOT_REACHED',
      message: 'after 0 s not yet: all clusters run it\ntenant-03 does not',
    });
  });

  it('ends when it is interrupted', async () => {
    const waiting = awaitCondition({ what: 'x', look: () => undefined, seconds: 60, signal: AbortSignal.abort() });
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});
