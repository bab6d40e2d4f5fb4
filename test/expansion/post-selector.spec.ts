import { describe, expect, it } from 'vitest';
import { parametersOf, refusalOf } from '../support/expansion.js';

const elements = [{ a: 'x', url: 'https://one' }, { a: 'y' }];
const kept = async (selector: object): Promise<unknown[]> =>
  (await parametersOf({ list: { elements }, selector })).map(({ a }) => a);

describe('post-selectors (1.0)', () => {
  it.each([
    [{}, ['x', 'y']],
    [{ matchLabels: { a: 'x' } }, ['x']],
    [{ matchLabels: { url: 'https://one' } }, ['x']],
    [{ matchExpressions: [{ key: 'url', operator: 'NotIn', values: ['https://one'] }] }, ['y']],
    [{ matchExpressions: [{ key: 'url', operator: 'NotIn', values: ['other'] }] }, ['x', 'y']],
    [{ matchExpressions: [{ key: 'url', operator: 'Exists' }] }, ['x']],
    [{ matchExpressions: [{ key: 'url', operator: 'DoesNotExist' }] }, ['y']],
    [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['y', 'z'] }] }, ['y']],
  ])('%j keeps %j', async (selector, expected) => {
    expect(await kept(selector)).toEqual(expected);
  });

  it('sees nested values flattened and as text', async () => {
    const elementsYaml = '- {num: 5, deep: {live: true, items: [a]}}\n- {num: 6}';
    const selector = { matchLabels: { num: '5', 'deep.live': 'true', 'deep.items.0': 'a' } };
    expect(await parametersOf({ list: { elementsYaml }, selector })).toHaveLength(1);
  });

  it('flattens below an empty key too', async () => {
    const elementsYaml = "- {'': {a: x}, b: {'': y}}";
    const selected = (key: string) =>
      parametersOf({ list: { elementsYaml }, selector: { matchExpressions: [{ key, operator: 'Exists' }] } });
    expect(await selected('a')).toEqual([]);
  });

  it('refuses keys that are not label keys, and operators that do not exist', async () => {
    const path = 'spec.generators[0].selector';
    expect(await refusalOf({ list: { elements }, selector: { matchLabels: { 'path[0]': 'x' } } })).toEqual({
      code: 'SELECTOR_INVALID',
      path: `${path}.matchLabels.path[0]`,
    });
    const matchExpressions = [{ key: 'a', operator: 'Equals', values: ['x'] }];
    expect(await refusalOf({ list: { elements }, selector: { matchExpressions } })).toEqual({
      code: 'SELECTOR_INVALID',
      path: `${path}.matchExpressions[0]`,
    });
  });
});
