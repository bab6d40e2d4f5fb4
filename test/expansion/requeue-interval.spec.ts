import { describe, expect, it } from 'vitest';
import { shortestRequeueSeconds } from '../../src/expansion/requeue-interval.js';

describe('how often a set is run again for its network generators (1.0)', () => {
  it.each<[string, unknown, number | undefined]>([
    ['a set without one', [{ list: {} }, { git: { requeueAfterSeconds: 5 } }], undefined],
    ['the defaults', [{ scmProvider: {} }, { pullRequest: {} }, { plugin: {} }], 1_800],
    ['decisions, which nobody tells of', [{ clusterDecisionResource: {} }, { plugin: {} }], 180],
    ['zero, which means the default', [{ plugin: { requeueAfterSeconds: 0 } }], 1_800],
    [
      'the shortest of all',
      [{ scmProvider: { requeueAfterSeconds: 60 } }, { plugin: { requeueAfterSeconds: 30 } }],
      30,
    ],
    [
      'nested ones',
      [
        {
          matrix: {
            generators: [{ list: {} }, { merge: { generators: [{ pullRequest: { requeueAfterSeconds: 7 } }] } }],
          },
        },
      ],
      7,
    ],
    ['no list', {}, undefined],
  ])('%s', (_what, generators, seconds) => {
    expect(shortestRequeueSeconds(generators)).toBe(seconds);
  });
});
