import { describe, expect, it } from 'vitest';
import { Gathering } from '../../src/kernel/gathering.js';

describe('what is gathered', () => {
  const scripted = (options: { most?: number; keyOf?: (item: string) => string; broken?: string } = {}) => {
    const groups: string[][] = [];
    const { broken, ...rest } = options;
    const gathering = new Gathering<string, string>({
      most: 10,
      ...rest,
      work: async (items) => {
        groups.push([...items]);
        await Promise.resolve();
        if (broken !== undefined && items.includes(broken)) throw new Error(`${broken} is broken`);
        return items.map((item) => item.toUpperCase());
      },
    });
    return { groups, all: (...items: string[]) => Promise.allSettled(items.map((item) => gathering.add(item))) };
  };
  const values = (results: PromiseSettledResult<string>[]) =>
    results.map((result) => (result.status === 'fulfilled' ? result.value : 'failed'));

  it('waits for no company, and goes together where it came while others were worked on', async () => {
    const { groups, all } = scripted();
    expect(values(await all('a', 'b', 'c'))).toEqual(['A', 'B', 'C']);
    expect(groups).toEqual([['a'], ['b', 'c']]);
    await all('d');
    expect(groups.at(-1)).toEqual(['d']);
  });

  it('is never more than may go together', async () => {
    const { groups, all } = scripted({ most: 2 });
    await all('a', 'b', 'c', 'd');
    expect(groups).toEqual([['a'], ['b', 'c'], ['d']]);
  });

  it('goes one after the other within a key', async () => {
    const { groups, all } = scripted({ keyOf: (item) => item[0] ?? '' });
    await all('a', 'b1', 'b2', 'c', 'b3');
    expect(groups).toEqual([['a'], ['b1', 'c'], ['b2'], ['b3']]);
  });

  it('goes one by one where that failed, so that only the one at fault fails', async () => {
    const { groups, all } = scripted({ broken: 'c' });
    expect(values(await all('a', 'b', 'c', 'd'))).toEqual(['A', 'B', 'failed', 'D']);
    expect(groups).toEqual([['a'], ['b', 'c', 'd'], ['b'], ['c'], ['d']]);
  });
});
