import { describe, expect, it } from 'vitest';
import { expandApplicationSet } from '../../src/expansion/expand.js';
import { expandGenerators, expandSet, setWith } from '../support/expansion.js';
import { MemoryExpansionReader } from '../support/memory-expansion-reader.js';

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

  it('refuses templates, patches and values of more tags than are compiled in one go', async () => {
    const text = '{{name}}'.repeat(10_001);
    const failed = async (spec: object): Promise<string[]> => (await expandSet(spec)).errors.map(({ code }) => code);
    expect(await failed({ template: { metadata: { name: text } } })).toEqual(['TEMPLATE_TOO_LARGE']);
    expect(await failed({ templatePatch: text })).toEqual(['TEMPLATE_TOO_LARGE']);
    expect(await failed({ generators: [{ clusters: { values: { text } } }] })).toEqual(['TEMPLATE_TOO_LARGE']);
  });

  it('says the same warning once', async () => {
    const { warnings } = await expandSet({ generators: [many(500, 'x')] });
    expect(warnings).toHaveLength(1);
  });

  it('refuses one document that takes too many steps, whatever its template calls', async () => {
    const big = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, 'v']));
    const hostile = [
      '{{range until 1000}}{{range until 1000}}{{end}}{{end}}',
      '{{range until 100000}}{{if $.big}}{{end}}{{end}}',
      '{{range until 100000}}{{range $.big}}{{break}}{{end}}{{end}}',
      '{{range until 100000}}{{$d := dict $.big 1}}{{end}}',
      '{{range until 1000}}{{$t := snakecase $.text}}{{end}}',
      '{{range until 1000}}{{$t := regexMatch (printf "(a%d){900}" .) "a"}}{{end}}',
    ];
    for (const text of hostile) {
      const generators = [{ list: { elements: [{ big, text: 'aB'.repeat(50_000) }] } }];
      const template = { metadata: { name: text } };
      const { errors } = await expandSet({ goTemplate: true, generators, template });
      expect([text, errors[0]?.code]).toEqual([text, 'TEMPLATE_TOO_SLOW']);
    }
  });

  it('refuses Handlebars that walks lists in lists', async () => {
    const generators = [{ list: { elements: [{ big: Array.from({ length: 1_000 }, String) }] } }];
    const template = { metadata: { name: '{{#each big}}{{#each ../big}}{{/each}}{{/each}}' } };
    const metadata = { name: 'set', annotations: { 'fleetwright.io/template-engine': 'handlebars' } };
    const set = { metadata, spec: { generators, template } };
    const { errors } = await expandApplicationSet(set, new MemoryExpansionReader());
    expect(errors).toMatchObject([{ code: 'TEMPLATE_TOO_SLOW', path: 'spec.template.metadata.name' }]);
  });

  it('refuses to build more parameters and fields than it may hold', async () => {
    const wide = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}`, 'v']));
    const generators = [matrix({ list: { elements: [wide] } }, many(100, 'a'))];
    expect(await codes(generators, { members: 5_000 })).toEqual(['TOO_MANY_PARAMETERS']);
    const merged = { merge: { mergeKeys: ['a'], generators: [many(60, 'a'), many(60, 'a')] } };
    expect(await codes([merged], { members: 100 })).toEqual(['TOO_MANY_PARAMETERS']);
  });

  it('refuses files and texts that take too long to read', async () => {
    const url = 'https://git.example.com/r.git';
    const git = { git: { repoURL: url, revision: 'HEAD', files: [{ path: '*.yaml' }] } };
    const refusal = async (content: string): Promise<unknown> => {
      const { errors } = await expandGenerators([git], new MemoryExpansionReader([], { [url]: { 'f.yaml': content } }));
      return errors[0];
    };
    const merges = `a: &a {${Array.from({ length: 1_000 }, (_, index) => `k${index}: 1`).join(',')}}\nb:\n`;
    for (const content of [
      'a: b\n'.repeat(500_000),
      `${'['.repeat(200)}${']'.repeat(200)}`,
      `${merges}${'- {<<: *a}\n'.repeat(1_000)}`,
    ]) {
      expect(await refusal(content)).toMatchObject({ code: 'GIT_FILE_INVALID', path: 'spec.generators[0].git' });
    }
  });

  it('refuses patterns that no path can need, and matches hostile ones in linear steps', async () => {
    const url = 'https://git.example.com/r.git';
    const tree = { [`${'a'.repeat(3_000)}.yaml`]: '' };
    const git = (path: string): object => ({ git: { repoURL: url, revision: 'HEAD', files: [{ path }] } });
    const gives = (path: string) => expandGenerators([git(path)], new MemoryExpansionReader([], { [url]: tree }));
    expect((await gives('*a'.repeat(2_000) + 'b')).documents).toEqual([]);
    expect((await gives('**/a/'.repeat(800))).documents).toEqual([]);
    expect((await gives('*'.repeat(5_000))).errors).toMatchObject([{ code: 'PATHSPEC_INVALID' }]);
  });

  it('lets others have a turn while it expands, combines and selects', async () => {
    let breaths = 0;
    const breathe = (): Promise<void> => {
      breaths += 1;
      return Promise.resolve();
    };
    const breathsOf = async (generators: object[]): Promise<number> => {
      breaths = 0;
      await expandApplicationSet(setWith({ generators }), new MemoryExpansionReader(), { breathe });
      return breaths;
    };
    expect(await breathsOf([many(10, 'name')])).toBe(0);
    expect(await breathsOf([many(5_000, 'name')])).toBeGreaterThan(3);
    const none = { selector: { matchLabels: { a: 'none' } } };
    expect(await breathsOf([{ ...matrix(many(200, 'a'), many(200, 'b')), ...none }])).toBeGreaterThan(2);
  });
});
