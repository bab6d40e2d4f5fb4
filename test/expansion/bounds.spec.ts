import { describe, expect, it } from 'vitest';
import { expandGenerators, expandSet } from '../support/expansion.js';

const many = (count: number, key: string): { list: object } => ({
  list: { elements: Array.from({ length: count }, (_, index) => ({ [key]: String(index) })) },
});
const matrix = (...generators: object[]): { matrix: object } => ({ matrix: { generators } });

async function codes(generators: object[], limits: object): Promise<(string | undefined)[]> {
  const { branches } = await expandGenerators(generators, undefined, limits);
  return branches.map(({ error }) => error?.code);
}

describe('bounds', () => {
  it('refuses more results than a set may give, whichever branch they come from', async () => {
    expect(await codes([many(11, 'a')], { results: 10 })).toEqual(['TOO_MANY_RESULTS']);
    expect(await codes([many(6, 'a'), many(6, 'a'), many(4, 'a')], { results: 10 })).toEqual([
      undefined,
      'TOO_MANY_RESULTS',
      undefined,
    ]);
  });

  it('refuses a matrix product before it is made', async () => {
    const { errors } = await expandGenerators([matrix(many(1000, 'a'), many(1000, 'b'))]);
    expect(errors).toMatchObject([{ code: 'TOO_MANY_RESULTS', path: 'spec.generators[0].matrix' }]);
  });

  it('refuses work that selectors throw away', async () => {
    const selector = { matchLabels: { a: 'none' } };
    const entries = Array.from({ length: 5 }, () => ({ ...many(10, 'a'), selector }));
    expect((await codes(entries, { parameterSets: 30 })).slice(2)).toEqual([
      undefined,
      'TOO_MANY_RESULTS',
      'TOO_MANY_RESULTS',
    ]);
  });

  it('refuses a document that grows too large while it is rendered', async () => {
    const element = { name: 'x'.repeat(1000) };
    const template = { metadata: { name: 'a', annotations: { a: '{{name}}'.repeat(1000) } } };
    const generators = [{ list: { elements: [element] } }];
    const { errors } = await expandSet({ generators, template }, undefined, { documentCharacters: 100_000 });
    expect(errors).toMatchObject([{ code: 'RENDERED_TOO_LARGE', path: 'spec.template.metadata.annotations.a' }]);
  });

  it('refuses a set that grows too large, and says so once for many documents', async () => {
    const { errors, branches } = await expandSet({ generators: [many(500, 'name')] }, undefined, { characters: 100 });
    expect(branches).toMatchObject([{ state: 'failed', error: { code: 'RENDERED_TOO_LARGE' } }]);
    expect(errors.length).toBeLessThan(110);
  });

  it('refuses templates and generators that nest too deeply', async () => {
    let deep: unknown = '{{name}}';
    for (let level = 0; level < 200; level++) deep = { deep };
    const template = { spec: { source: { helm: { valuesObject: deep } } } };
    expect((await expandSet({ template })).errors).toMatchObject([{ code: 'TEMPLATE_TOO_DEEP' }]);
    const nested = matrix(many(1, 'a'), { list: { elements: [{ b: deep }] } });
    expect(await codes([nested], {})).toEqual(['TEMPLATE_TOO_DEEP']);
  });

  it('says the same warning once', async () => {
    const { warnings } = await expandSet({ generators: [many(500, 'x')] });
    expect(warnings).toHaveLength(1);
  });
});
