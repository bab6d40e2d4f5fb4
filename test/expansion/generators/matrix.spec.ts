import { describe, expect, it } from 'vitest';
import { expandGenerators, parametersOf, refusalOf } from '../../support/expansion.js';
import { cluster, MemoryExpansionReader } from '../../support/memory-expansion-reader.js';

const list = (...elements: object[]): { list: object } => ({ list: { elements } });
const matrix = (...generators: object[]): { matrix: object } => ({ matrix: { generators } });

const URL = 'https://git.example.com/gitops.git';
const reader = new MemoryExpansionReader([cluster('one', { env: 'prod' }), cluster('two', { env: 'dev' })], {
  [URL]: { 'prod/a/x': '', 'prod/b/x': '', 'dev/c/x': '' },
});

describe('the matrix generator (1.4)', () => {
  it('combines in order, first child outermost', async () => {
    const sets = await parametersOf(matrix(list({ a: '1' }, { a: '2' }), list({ b: 'x' }, { b: 'y' })));
    expect(sets.map(({ a, b }) => `${String(a)}${String(b)}`)).toEqual(['1x', '1y', '2x', '2y']);
  });

  it.each([1, 3])('refuses %i generators', async (count) => {
    const entry = matrix(...Array.from({ length: count }, () => list({ a: '1' })));
    expect(await refusalOf(entry)).toEqual({
      code: 'MATRIX_GENERATOR_COUNT',
      path: 'spec.generators[0].matrix.generators',
    });
  });

  it("interpolates the second child with each of the first child's sets", async () => {
    const clusters = { clusters: { selector: { matchExpressions: [{ key: 'env', operator: 'Exists' }] } } };
    const directories = [{ path: '{{metadata.labels.env}}/*' }];
    const sets = await parametersOf(matrix(clusters, { git: { repoURL: URL, revision: 'HEAD', directories } }), reader);
    expect(sets.map(({ name, path }) => `${String(name)} ${String(path)}`)).toEqual([
      'one prod/a',
      'one prod/b',
      'two dev/c',
    ]);
  });

  it('interpolates selectors of cluster labels, keys included', async () => {
    const selector = { matchLabels: { '{{key}}': '{{value}}' } };
    const sets = await parametersOf(matrix(list({ key: 'env', value: 'dev' }), { clusters: { selector } }), reader);
    expect(sets.map(({ name }) => name)).toEqual(['two']);
  });

  it('interpolates keys and texts of list elements and of what a nested child holds', async () => {
    const inner = {
      merge: { mergeKeys: ['id'], generators: [list({ id: '{{a}}' }), list({ id: 'x', '{{a}}k': '{{a}}' })] },
    };
    expect(await parametersOf(matrix(list({ a: 'x' }), inner))).toEqual([{ a: 'x', id: 'x', xk: 'x' }]);
  });

  it('fills elementsYaml with what the first child gives', async () => {
    const elementsYaml = '{{items}}';
    const sets = await parametersOf(matrix(list({ items: '[{"n": "1"}, {"n": "2"}]' }), { list: { elementsYaml } }));
    expect(sets.map(({ n }) => n)).toEqual(['1', '2']);
  });

  it("leaves unknown tags for the second child's own parameters, without a warning", async () => {
    const values = { dns: '{{name}}.{{zone}}' };
    const selector = { matchLabels: { env: 'prod' } };
    const entry = matrix(list({ zone: 'eu' }), { clusters: { selector, values } });
    const { documents, warnings } = await expandGenerators([entry], reader);
    expect(documents[0]?.origin.parameters['values.dns']).toBe('one.eu');
    expect(warnings).toEqual([]);
  });

  it("does not interpolate the second child's post-selector", async () => {
    const selector = { matchLabels: { b: '{{a}}' } };
    const sets = await parametersOf(matrix(list({ a: 'x' }), { ...list({ b: 'x' }, { b: '{{a}}' }), selector }));
    expect(sets).toEqual([]);
  });

  it('refuses one key with two values, and takes equal ones', async () => {
    expect(await refusalOf(matrix(list({ a: '1' }), list({ a: '2' })))).toEqual({
      code: 'MATRIX_DUPLICATE_KEY',
      path: 'spec.generators[0].matrix',
    });
    expect(await parametersOf(matrix(list({ a: '1' }), list({ a: '1', b: '2' })))).toEqual([{ a: '1', b: '2' }]);
  });

  it('turns everything into text', async () => {
    const elementsYaml = '- {num: 1000000, deep: {b: [1, x]}, none: null}';
    expect(await parametersOf(matrix(list({ a: '1' }), { list: { elementsYaml } }))).toEqual([
      { a: '1', num: '1e+06', deep: 'map[b:[1 x]]', none: '<nil>' },
    ]);
  });

  it('gives nothing where a child gives nothing', async () => {
    expect(await parametersOf(matrix(list(), list({ a: '1' })))).toEqual([]);
    expect(await parametersOf(matrix(list({ a: '1' }), list()))).toEqual([]);
  });

  it('refuses a child without a generator, and one with two', async () => {
    const path = 'spec.generators[0].matrix.generators[1]';
    expect(await refusalOf(matrix(list({ a: '1' }), {}))).toEqual({ code: 'CHILD_GENERATOR_MISSING', path });
    const two = { ...list({ b: '1' }), clusters: {} };
    expect(await refusalOf(matrix(list({ a: '1' }), two), reader)).toEqual({ code: 'CHILD_GENERATOR_AMBIGUOUS', path });
  });

  it('nests once, not twice', async () => {
    const once = matrix(list({ a: '1' }), matrix(list({ b: '2' }), list({ c: '{{a}}{{b}}' })));
    expect(await parametersOf(once)).toEqual([{ a: '1', b: '2', c: '12' }]);
    const twice = matrix(list({ a: '1' }), matrix(list({ b: '2' }), matrix(list({ c: '3' }), list({ d: '4' }))));
    const { errors, warnings } = await expandGenerators([twice]);
    expect(errors).toMatchObject([
      { code: 'CHILD_GENERATOR_MISSING', path: 'spec.generators[0].matrix.generators[1].matrix.generators[1]' },
    ]);
    expect(warnings).toEqual([expect.stringContaining('nested too deeply')]);
  });

  it('reads one tree once, however many sets need it', async () => {
    const fresh = new MemoryExpansionReader([], { [URL]: { 'p/a/x': '' } });
    const elements = Array.from({ length: 50 }, (_, index) => ({ n: String(index) }));
    const directories = [{ path: '{{n}}/*' }, { path: 'p/*' }];
    const entry = matrix(list(...elements), { git: { repoURL: URL, revision: 'HEAD', directories } });
    expect(await parametersOf(entry, fresh)).toHaveLength(50);
    expect(fresh.asked).toEqual([`directories ${URL} HEAD`]);
  });

  it('renders nothing of what a nested matrix says beside its generators (1.0)', async () => {
    const inner = { matrix: { generators: [list({ b: '2' }), list({ c: '{{a}}' })], template: { x: '{{a}} {{' } } };
    expect(await parametersOf(matrix(list({ a: '1' }), inner))).toEqual([{ a: '1', b: '2', c: '1' }]);
  });

  it('ignores templates of its children', async () => {
    const child = { list: { elements: [{ a: '1' }], template: { from: 'child' } } };
    const { documents } = await expandGenerators([matrix(child, list({ b: '2' }))]);
    expect(documents.map(({ document }) => document)).toEqual([{}]);
  });
});
