import { describe, expect, it } from 'vitest';
import { parametersOf, refusalOf } from '../../support/expansion.js';

describe('the list generator (1.1)', () => {
  it('gives the elements in order', async () => {
    const sets = await parametersOf({ list: { elements: [{ a: '2' }, { a: '1', b: 'x' }] } });
    expect(sets).toEqual([{ a: '2' }, { a: '1', b: 'x' }]);
  });

  it('flattens values, and takes a literal key that looks so', async () => {
    const sets = await parametersOf({ list: { elements: [{ values: { tier: 'gold' }, 'values.redis': 'on' }] } });
    expect(sets).toEqual([{ 'values.tier': 'gold', 'values.redis': 'on' }]);
  });

  it.each([
    [{ n: 1 }, 'spec.generators[0].list.elements[0].n'],
    [{ o: { p: 'x' } }, 'spec.generators[0].list.elements[0].o'],
    [{ values: { n: 1 } }, 'spec.generators[0].list.elements[0].values.n'],
  ])('refuses %j, which is not text', async (element, path) => {
    expect(await refusalOf({ list: { elements: [element] } })).toEqual({ code: 'LIST_ELEMENT_NOT_TEXT', path });
  });

  it('refuses an element that is null, but not an empty one', async () => {
    expect((await refusalOf({ list: { elements: [null] } })).code).toBe('FIELD_TYPE');
    expect(await parametersOf({ list: { elements: [{}] } })).toEqual([{}]);
  });

  it('refuses values that are not a map', async () => {
    expect((await refusalOf({ list: { elements: [{ values: 'x' }] } })).code).toBe('FIELD_TYPE');
  });

  it('appends elementsYaml as it is, so that only text in it can be filled in', async () => {
    const list = { elements: [{ a: '1' }], elementsYaml: '- a: x\n  num: 3\n  deep: {k: [1]}\n-\n' };
    expect(await parametersOf({ list })).toEqual([{ a: '1' }, { a: 'x', num: 3, deep: { k: [1] } }, {}]);
  });

  it.each(['a: 1', '- x', '- [', '3'])('refuses elementsYaml %j', async (elementsYaml) => {
    const path = 'spec.generators[0].list.elementsYaml';
    expect(await refusalOf({ list: { elementsYaml } })).toEqual({ code: 'ELEMENTS_YAML_INVALID', path });
  });

  it('takes parameters named like prototype members', async () => {
    const elements = [JSON.parse('{"__proto__": "a", "constructor": "b"}') as unknown];
    const [set] = await parametersOf({ list: { elements } });
    expect(Object.entries(set ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
  });
});
