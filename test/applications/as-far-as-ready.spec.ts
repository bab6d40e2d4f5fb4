import { describe, expect, it } from 'vitest';
import { asFarAsReady } from '../../src/applications/delivery/as-far-as-ready.js';

const PATIENCE = { atOnce: 2, stalledMs: 60_000 };

describe('work as far as it is ready', () => {
  it('leaves out what gave nothing and what failed', async () => {
    const work = async (item: number): Promise<number | undefined> => {
      if (item === 2) throw new Error('broken');
      return item === 3 ? undefined : item * 10;
    };
    const { ready, untried } = await asFarAsReady([1, 2, 3, 4], work, PATIENCE);
    expect([ready.sort(), untried]).toEqual([[10, 40], []]);
  });

  it('takes no more than some at once', async () => {
    let running = 0;
    let most = 0;
    const work = async (item: number): Promise<number> => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return item;
    };
    expect((await asFarAsReady([1, 2, 3, 4, 5], work, PATIENCE)).ready).toHaveLength(5);
    expect(most).toBe(2);
  });

  it('leaves out what holds up the others, and tells who was not begun', async () => {
    const work = (item: number): Promise<number> => (item <= 2 ? Promise.resolve(item) : new Promise(() => undefined));
    const { ready, untried } = await asFarAsReady([1, 2, 3, 4, 5, 6], work, { atOnce: 2, stalledMs: 1 });
    expect([ready.sort(), untried]).toEqual([
      [1, 2],
      [5, 6],
    ]);
  });
});
