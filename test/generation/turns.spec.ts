import { describe, expect, it } from 'vitest';
import { Turns } from '../../src/generation/turns.js';

describe('turns', () => {
  it('come one after the other, with a round of the event loop between', async () => {
    const turns = new Turns();
    const order: string[] = [];
    const round = new Promise<void>((resolve) => {
      setImmediate(() => {
        order.push('the loop went round');
        resolve();
      });
    });
    const first = turns.breathe().then(() => order.push('first'));
    const second = turns.breathe().then(() => order.push('second'));
    await Promise.all([first, second, round]);
    expect(order.indexOf('first')).toBeLessThan(order.indexOf('second'));
    expect(order.indexOf('the loop went round')).toBeLessThan(order.indexOf('second'));
  });

  it('let a computation in pieces rest whenever it has done enough', async () => {
    let rests = 0;
    const turns = new Turns();
    const pace = turns.pace();
    const rest = pace.rest.bind(pace);
    pace.rest = () => {
      rests += 1;
      return rest();
    };
    function* counting(): Generator<number, string> {
      for (let piece = 0; piece < 10; piece++) yield 20_000;
      return 'done';
    }
    expect(await pace.run(counting())).toBe('done');
    expect(rests).toBeGreaterThan(2);
  });
});
