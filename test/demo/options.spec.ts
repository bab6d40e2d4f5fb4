import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../src/demo/options.js';

describe('the options of the demo', () => {
  it('are a live demo in data/demo unless said otherwise', () => {
    expect(parseOptions([])).toEqual({ once: false, dataDir: 'data/demo' });
    expect(parseOptions(['--once', '--data', '/x'])).toEqual({ once: true, dataDir: '/x' });
  });

  it('are none where help is asked for', () => {
    expect(parseOptions(['--help'])).toBeUndefined();
  });

  it.each([['--twice'], ['now'], ['--data']])('refuse %s with the usage', (word) => {
    expect(() => parseOptions([word])).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});
