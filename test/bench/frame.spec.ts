import { describe, expect, it } from 'vitest';
import { verdictOf } from '../../bench/frame/figure.js';
import { parseOptions } from '../../bench/frame/options.js';
import { formatNumber, formatReport } from '../../bench/frame/report.js';
import { median, percentile } from '../../bench/frame/statistics.js';

describe('the median', () => {
  it('is the middle value, whatever the order', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it('is the mean of the two middle values of an even number', () => {
    expect(median([1, 9, 5, 3])).toBe(4);
  });
});

describe('a percentile', () => {
  it('is the smallest value that the share does not exceed', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1)]).toEqual([50, 99, 100]);
  });
});

describe('a verdict', () => {
  it.each([
    [1, 'reached'],
    [2, 'held'],
    [6, 'MISSED'],
  ] as const)('of %d s, to hold 5 and to reach 1.5, is %s', (value, verdict) => {
    expect(verdictOf({ value, better: 'less', hold: 5, reach: 1.5 })).toBe(verdict);
  });

  it('turns round where more is better', () => {
    const rate = { better: 'more', hold: 20_000, reach: 100_000 } as const;
    expect(verdictOf({ ...rate, value: 120_000 })).toBe('reached');
    expect(verdictOf({ ...rate, value: 10_000 })).toBe('MISSED');
  });

  it('holds zero writes only at zero', () => {
    expect([0, 1].map((value) => verdictOf({ value, better: 'less', hold: 0 }))).toEqual(['held', 'MISSED']);
  });

  it('is none without a number to hold', () => {
    expect(verdictOf({ value: 1, better: 'less' })).toBe('–');
  });
});

describe('the report', () => {
  it('shows three digits of every number', () => {
    expect([0, 0.01234, 1.2345, 123_456.7].map(formatNumber)).toEqual(['0', '0.0123', '1.23', '123,457']);
  });

  it('tells the machine, how busy it was, each figure with its verdict, memory, notes and failures', () => {
    const figure = {
      name: 'wall-clock',
      value: 3,
      unit: 's',
      runs: [2, 3, 4],
      better: 'less',
      hold: 5,
      reach: 2,
    } as const;
    const text = formatReport({
      at: '2026-01-01T00:00:00Z',
      machine: { cores: 2, cpu: 'some', memoryGiB: 8, node: 'v20', commit: 'abc' },
      works: [
        {
          work: 'commit',
          about: 'one set',
          seconds: 10,
          load: 1.5,
          busy: 0.75,
          figures: [{ ...figure, anchor: '18 s', note: 'the store dominates' }],
          memory: [{ process: 'hub', rss: 2 ** 30 }],
        },
        { work: 'other', about: 'x', seconds: 1, load: 0, busy: 0, figures: [], memory: [], failure: 'it ended' },
      ],
    }).join('\n');
    for (const told of [
      '2 cores',
      'load 1.5',
      '75 %',
      'held',
      '3: 2 – 4',
      '18 s',
      '1024 MiB',
      'dominates',
      'FAILED: it ended',
    ])
      expect(text).toContain(told);
  });
});

describe('the options', () => {
  it('are names of works and a file', () => {
    expect(parseOptions(['expand', '--json', 'out.json'])).toEqual({ names: ['expand'], json: 'out.json' });
  });

  it('refuse what they do not know', () => {
    expect(() => parseOptions(['--fast'])).toThrow(TypeError);
  });
});
