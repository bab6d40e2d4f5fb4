import { describe, expect, it } from 'vitest';
import { parametersOf, refusalOf } from '../../support/expansion.js';
import { cluster, MemoryExpansionReader } from '../../support/memory-expansion-reader.js';

const list = (...elements: object[]): { list: object } => ({ list: { elements } });
const merge = (mergeKeys: string[], ...generators: object[]): { merge: object } => ({
  merge: { mergeKeys, generators },
});

describe('the merge generator (1.5)', () => {
  it('overrides the base, in base order, and drops what has no base', async () => {
    const base = list({ id: 'b', x: '1' }, { id: 'a', x: '2', y: '3' });
    const over = list({ id: 'a', x: 'over' }, { id: 'nowhere', x: 'lost' });
    expect(await parametersOf(merge(['id'], base, over))).toEqual([
      { id: 'b', x: '1' },
      { id: 'a', x: 'over', y: '3' },
    ]);
  });

  it('lets later generators win over earlier ones', async () => {
    const sets = merge(['id'], list({ id: 'a' }), list({ id: 'a', x: '1' }), list({ id: 'a', x: '2', y: '' }));
    expect(await parametersOf(sets)).toEqual([{ id: 'a', x: '2', y: '' }]);
  });

  it('compares all of mergeKeys, top level only, absent ones as null', async () => {
    const both = merge(['id', 'zone', 'id'], list({ id: 'a', zone: '1' }, { id: 'a' }), list({ id: 'a', x: 'y' }));
    expect(await parametersOf(both)).toEqual([
      { id: 'a', zone: '1' },
      { id: 'a', x: 'y' },
    ]);
    const dotted = merge(['values.k'], list({ values: { k: '1' } }), list({ values: { k: '1' }, x: 'y' }));
    expect(await parametersOf(dotted)).toEqual([{ 'values.k': '1', x: 'y' }]);
  });

  it.each([
    [[{ id: 'a' }, { id: 'a' }], 0],
    [[{ x: '1' }, { x: '2' }], 0],
  ])('refuses sets of one generator with equal keys: %j', async (elements, child) => {
    expect(await refusalOf(merge(['id'], list(...elements), list({ id: 'a' })))).toEqual({
      code: 'MERGE_KEYS_NOT_UNIQUE',
      path: `spec.generators[0].merge.generators[${child}]`,
    });
  });

  it('refuses to go without mergeKeys or with one generator', async () => {
    expect((await refusalOf(merge([], list({}), list({})))).code).toBe('MERGE_KEYS_MISSING');
    expect((await refusalOf(merge(['id'], list({})))).code).toBe('MERGE_GENERATOR_COUNT');
  });

  it("applies its children's post-selectors before it merges", async () => {
    const selector = { matchLabels: { x: 'yes' } };
    const over = { ...list({ id: 'a', x: 'no' }, { id: 'b', x: 'yes' }), selector };
    expect(await parametersOf(merge(['id'], list({ id: 'a' }, { id: 'b' }), over))).toEqual([
      { id: 'a' },
      { id: 'b', x: 'yes' },
    ]);
  });

  it('takes the union where an empty base meets an override, on which Argo CD crashes', async () => {
    expect(await parametersOf(merge(['id'], list({}), list({ x: '1' })))).toEqual([{ x: '1' }]);
  });

  it('does not interpolate between children', async () => {
    const sets = await parametersOf(merge(['id'], list({ id: 'a', x: '1' }), list({ id: 'a', y: '{{x}}' })));
    expect(sets).toEqual([{ id: 'a', x: '1', y: '{{x}}' }]);
  });

  it('merges clusters with a list by server, inside a matrix too', async () => {
    const reader = new MemoryExpansionReader([cluster('one', { env: 'p' }), cluster('two', { env: 'p' })]);
    const clusters = { clusters: { selector: { matchLabels: { env: 'p' } }, values: { redis: 'no' } } };
    const merged = merge(['server'], clusters, list({ server: 'https://two.example.com', 'values.redis': 'yes' }));
    const sets = await parametersOf({ matrix: { generators: [merged, list({ app: 'x' })] } }, reader);
    expect(sets.map((set) => [set['name'], set['values.redis'], set['app']])).toEqual([
      ['one', 'no', 'x'],
      ['two', 'yes', 'x'],
    ]);
  });
});
