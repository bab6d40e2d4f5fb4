import { describe, expect, it } from 'vitest';
import { KeyedQueue, type KeyedQueueOptions } from '../../../src/dispatch/agent/keyed-queue.js';
import { until } from '../../support/until.js';

function queue(run: KeyedQueueOptions['run'], concurrency = 2) {
  const failed: string[] = [];
  const made = new KeyedQueue({
    concurrency,
    run,
    random: () => 0,
    backoff: { firstMs: 2, longestMs: 10 },
    onFailure: (key) => failed.push(key),
  });
  return { made, failed };
}

describe('the queue of passes', () => {
  it('runs a key once more when it was added during its pass, and never twice at a time', async () => {
    let running = 0;
    let passes = 0;
    let release: () => void = () => undefined;
    const { made } = queue(async () => {
      running += 1;
      expect(running).toBe(1);
      passes += 1;
      if (passes === 1) await new Promise<void>((resolve) => (release = resolve));
      running -= 1;
      return undefined;
    });
    for (let index = 0; index < 5; index += 1) made.add('a');
    made.add('a');
    release();
    await until(
      () => (passes === 2 ? true : undefined),
      () => 'a second pass',
    );
    await made.stop();
    expect(passes).toBe(2);
  });

  it('works on no more keys at a time than told', async () => {
    let running = 0;
    let most = 0;
    let done = 0;
    const { made } = queue(async () => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running -= 1;
      done += 1;
      return undefined;
    });
    for (let index = 0; index < 10; index += 1) made.add(`key-${index}`);
    await until(
      () => (done === 10 ? true : undefined),
      () => 'ten passes',
    );
    expect(most).toBe(2);
  });

  it('tries a failing key again without holding up the others', async () => {
    const passes: string[] = [];
    const { made, failed } = queue((key) => {
      passes.push(key);
      return key === 'bad' && passes.filter((pass) => pass === 'bad').length < 3
        ? Promise.reject(new Error('no'))
        : Promise.resolve(undefined);
    }, 1);
    made.add('bad');
    made.add('good');
    await until(
      () => (passes.length === 4 ? true : undefined),
      () => `four passes: ${passes.join(' ')}`,
    );
    expect(passes).toEqual(['bad', 'good', 'bad', 'bad']);
    expect(failed).toEqual(['bad', 'bad']);
  });

  it('waits for running passes when it stops, and starts no others', async () => {
    let finished = false;
    const { made } = queue(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      finished = true;
      return 1;
    });
    made.add('a');
    await made.stop();
    expect(finished).toBe(true);
    made.add('b');
  });
});
