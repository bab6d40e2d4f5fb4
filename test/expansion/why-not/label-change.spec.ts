import { describe, expect, it } from 'vitest';
import { compileClusterSelector, clusterRequirements } from '../../../src/expansion/selector.js';
import { smallestLabelChange, type LabelEdit } from '../../../src/expansion/why-not/label-change.js';
import { seededRandom, type Random } from '../../support/seeded-random.js';

type Labels = Record<string, string>;

const FIXED = new Set(['fixed']);
const KEYS = ['a', 'b', 'fixed'];
/** Terms name x, y and z; nothing names w, so it stands for every value that no term knows. */
const NAMED = ['x', 'y', 'z'];
const VALUES = [undefined, ...NAMED, 'w'];

function randomSelector({ below, pick }: Random): object {
  const some = (): string[] => NAMED.filter(() => below(2) === 0).concat(pick(NAMED));
  const term = (): object => {
    const operator = pick(['In', 'NotIn', 'Exists', 'DoesNotExist']);
    return { key: pick(KEYS), operator, ...(operator.endsWith('In') ? { values: some() } : {}) };
  };
  return { matchLabels: randomLabels({ below, pick }, 1), matchExpressions: Array.from({ length: below(5) }, term) };
}

function randomLabels({ below, pick }: Random, most = KEYS.length): Labels {
  return Object.fromEntries(Array.from({ length: below(most + 1) }, () => [pick(KEYS), pick(NAMED)]));
}

function change(selector: object, labels: Labels) {
  return smallestLabelChange({ requirements: clusterRequirements(selector, 'selector'), labels, fixed: FIXED });
}

function edited(labels: Labels, edits: readonly LabelEdit[]): Labels {
  const after = { ...labels };
  for (const { label, action, value } of edits) {
    if (action === 'unset') delete after[label];
    else after[label] = value ?? '';
  }
  return after;
}

/** Every set of labels over the small universe that leaves the fixed label alone. */
function everyLabelSet(labels: Labels): Labels[] {
  return VALUES.flatMap((a) => VALUES.map((b) => ({ a, b, fixed: labels['fixed'] }))).map((all) =>
    Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)),
  );
}

function distance(from: Labels, to: Labels): number {
  return KEYS.filter((label) => from[label] !== to[label]).length;
}

describe('the smallest label change', () => {
  it('makes the selector match, and no smaller one does', () => {
    const random = seededRandom(42);
    const seen = { impossible: 0, none: 0, some: 0 };
    for (let round = 0; round < 5000; round++) {
      const [selector, labels] = [randomSelector(random), randomLabels(random)];
      const matches = compileClusterSelector(selector, 'selector');
      const matching = everyLabelSet(labels).filter(matches);
      const answer = change(selector, labels);
      const said = JSON.stringify({ selector, labels, answer });
      if ('impossible' in answer) {
        expect(matching, said).toEqual([]);
        seen.impossible += 1;
        continue;
      }
      const least = Math.min(...matching.map((other) => distance(labels, other)));
      expect(matches(edited(labels, answer.edits)), said).toBe(true);
      expect(answer.edits.length, said).toBe(least);
      seen[least === 0 ? 'none' : 'some'] += 1;
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(100);
  });

  it('takes the first value that all terms of a label allow', () => {
    const selector = {
      matchExpressions: [
        { key: 'env', operator: 'In', values: ['dev', 'test', 'prod'] },
        { key: 'env', operator: 'NotIn', values: ['dev'] },
      ],
    };
    expect(change(selector, { env: 'dev' })).toEqual({ edits: [{ label: 'env', action: 'set', value: 'test' }] });
  });

  it('takes a label away rather than change it, and makes up a value only where one must be there', () => {
    const not = { key: 'env', operator: 'NotIn', values: ['prod', 'true', 'value-1'] };
    expect(change({ matchExpressions: [not] }, { env: 'prod' })).toEqual({
      edits: [{ label: 'env', action: 'unset' }],
    });
    const exists = { key: 'env', operator: 'Exists' };
    expect(change({ matchExpressions: [exists, not] }, { env: 'prod' })).toEqual({
      edits: [{ label: 'env', action: 'set', value: 'value-2' }],
    });
  });

  it('names the terms that contradict each other', () => {
    const selector = {
      matchLabels: { env: 'prod' },
      matchExpressions: [{ key: 'env', operator: 'NotIn', values: ['prod'] }],
    };
    expect(change(selector, {})).toEqual({
      impossible: {
        reason: 'no value of the label env satisfies In prod and NotIn prod',
        terms: ['selector.matchLabels.env', 'selector.matchExpressions[0]'],
      },
    });
  });

  it('does not offer to change a label that is the same on every cluster', () => {
    expect(change({ matchLabels: { fixed: 'x' } }, { fixed: 'y' })).toMatchObject({
      impossible: { reason: expect.stringContaining('the same on every cluster') },
    });
  });

  it('reads labels that are named like parts of an object', () => {
    expect(change({ matchLabels: { constructor: 'x' } }, {})).toEqual({
      edits: [{ label: 'constructor', action: 'set', value: 'x' }],
    });
  });
});
