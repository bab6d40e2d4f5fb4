import { describe, expect, it } from 'vitest';
import { expandApplicationSet } from '../../src/expansion/expand.js';
import type { GeneratedApplication } from '../../src/expansion/expansion.js';
import { cluster, MemoryExpansionReader } from '../support/memory-expansion-reader.js';

const NAMES = ['__proto__', 'constructor', 'toString'] as const;
const REPOSITORY = 'https://git.example.com/r.git';

/** A key that is the object's own, whatever it is called. */
const own = <T>(name: string, value: T): Record<string, T> => Object.fromEntries([[name, value]]);
const list = (...elements: object[]): object => ({ list: { elements } });

const readerWith = (name: string): MemoryExpansionReader =>
  new MemoryExpansionReader([cluster('c1', { env: 'prod', ...own(name, 'x') }, { annotations: own(name, 'x') })], {
    [REPOSITORY]: { 'a/f.json': `{"${name}": "x"}`, [`${name}/f.txt`]: '' },
  });

type Engine = 'fast' | 'go' | 'handlebars';
const tagOf: Record<Engine, (path: string[]) => string> = {
  fast: (path) => `{{${path.join('.')}}}`,
  go: (path) => `{{index . ${path.map((part) => JSON.stringify(part)).join(' ')}}}`,
  handlebars: (path) => `{{${path.map((part) => `[${part}]`).join('.')}}}`,
};

async function rendered(
  engine: Engine,
  generators: object[],
  { text, patch, name }: { text: string; patch?: string; name: string },
) {
  const annotations: Record<string, string> =
    engine === 'handlebars' ? { 'fleetwright.io/template-engine': 'handlebars' } : {};
  const template = { metadata: { name: 'app', annotations: { v: text } } };
  const spec = {
    generators,
    template,
    goTemplate: engine === 'go',
    ...(patch === undefined ? {} : { templatePatch: patch }),
  };
  return expandApplicationSet({ metadata: { name: 'set', annotations }, spec }, readerWith(name));
}

const valuesOf = (documents: readonly GeneratedApplication[]) =>
  documents.map(({ metadata }) => metadata.annotations?.['v']);

describe.each(NAMES)('a parameter named %s', (name) => {
  const sources: [string, object, string[]][] = [
    ['an element of a list', list(own(name, 'x')), [name]],
    ['elementsYaml', { list: { elementsYaml: `- { ${name}: x }` } }, [name]],
    ['values of a list', list({ values: own(name, 'x') }), ['values', name]],
    [
      'a label of a cluster',
      { clusters: { selector: { matchLabels: { env: 'prod' } } } },
      ['metadata', 'labels', name],
    ],
    [
      'an annotation of a cluster',
      { clusters: { selector: { matchLabels: { env: 'prod' } } } },
      ['metadata', 'annotations', name],
    ],
    [
      'values of clusters',
      { clusters: { selector: { matchLabels: { env: 'prod' } }, values: own(name, 'x') } },
      ['values', name],
    ],
    ['a key of a file', { git: { repoURL: REPOSITORY, revision: 'HEAD', files: [{ path: 'a/*.json' }] } }, [name]],
    [
      'values of a folder',
      { git: { repoURL: REPOSITORY, revision: 'HEAD', directories: [{ path: 'a' }], values: own(name, 'x') } },
      ['values', name],
    ],
    ['a matrix', { matrix: { generators: [list(own(name, 'x')), list({ other: '1' })] } }, [name]],
    [
      'a merge by that key',
      { merge: { mergeKeys: [name], generators: [list(own(name, 'x')), list(own(name, 'x'))] } },
      [name],
    ],
  ];

  for (const engine of ['fast', 'go', 'handlebars'] as const) {
    it.each(sources)(`is one for any other, from %s, in ${engine} templates`, async (_from, generator, path) => {
      const { documents, errors } = await rendered(engine, [generator], { text: tagOf[engine](path), name });
      expect([errors, valuesOf(documents)]).toEqual([[], ['x']]);
    });

    it(`is nothing where nobody gives it, in ${engine} templates`, async () => {
      const { documents, errors } = await rendered(engine, [list({ a: '1' })], { text: tagOf[engine]([name]), name });
      expect(JSON.stringify([documents.map(({ metadata }) => metadata), errors])).not.toMatch(/native code|\[object/);
    });

    it(`is plain text in a patch, as key and as value, in ${engine} templates`, async () => {
      const patch = `{"metadata": {"labels": {"${name}": "${tagOf[engine]([name])}"}}}`;
      const { documents, errors } = await rendered(engine, [list(own(name, 'x'))], { text: 'v', patch, name });
      expect([errors, documents.map(({ metadata }) => Object.entries(metadata.labels ?? {}))]).toEqual([
        [],
        [[[name, 'x']]],
      ]);
    });
  }

  it('is selected by, and only where it is', async () => {
    const selector = { matchExpressions: [{ key: name, operator: 'Exists' }] };
    const generators = [{ ...list(own(name, 'x'), { a: '1' }), selector }];
    const { documents, errors } = await rendered('fast', generators, { text: `{{${name}}}`, name });
    // `__proto__` starts and ends with a sign that no label key may.
    if (name === '__proto__') expect(errors).toMatchObject([{ code: 'SELECTOR_INVALID' }]);
    else expect([errors, valuesOf(documents)]).toEqual([[], ['x']]);
  });

  it('leaves the prototype of everything else as it was', () => {
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
    expect(({} as Record<string, unknown>)['v']).toBeUndefined();
  });
});
