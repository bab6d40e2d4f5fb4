import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type ExpansionLimits } from '../../src/expansion/limits.js';
import { retryAfterMs } from '../../src/generation/retry-after.js';
import { expandGenerators, expandSet } from '../support/expansion.js';

const MINUTE_MS = 60_000;
const list = (...elements: object[]): object => ({ list: { elements } });
const failing = async (spec: object, limits: Partial<ExpansionLimits> = {}) =>
  (await expandSet(spec, undefined, { ...DEFAULT_LIMITS, ...limits })).errors;

describe('a set that failed is tried again', () => {
  it('after a minute where an input could not be read or a template is wrong', async () => {
    const { errors } = await expandGenerators([{ git: { repoURL: 'https://r', revision: 'x', directories: [] } }]);
    expect(errors).toHaveLength(1);
    expect(retryAfterMs(errors)).toBe(MINUTE_MS);
    expect(retryAfterMs(await failing({ goTemplate: true, template: { metadata: { name: '{{fail "no"}}' } } }))).toBe(
      MINUTE_MS,
    );
  });

  it.each([
    ['TEMPLATE_TOO_LARGE', { template: { metadata: { name: '{{name}}'.repeat(10_001) } } }, {}],
    ['TEMPLATE_TOO_SLOW', { goTemplate: true, template: { metadata: { name: '{{print 1}}' } } }, { steps: 1 }],
    ['RENDERED_TOO_LARGE', {}, { characters: 1 }],
    ['TOO_MANY_PARAMETERS', {}, { members: 1 }],
    ['TOO_MANY_RESULTS', { generators: [list({ name: 'a' }, { name: 'b' })] }, { results: 1 }],
  ])('after a quarter of an hour where it met a limit: %s', async (code, spec, limits) => {
    const errors = await failing(spec, limits);
    expect(errors[0]?.code).toBe(code);
    expect(retryAfterMs(errors)).toBe(15 * MINUTE_MS);
  });
});
