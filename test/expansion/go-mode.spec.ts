import { describe, expect, it } from 'vitest';
import { expandDocuments } from '../../src/expansion/expand.js';
import type { ExpansionReader } from '../../src/expansion/reader.js';
import { applicationOf, expandSet } from '../support/expansion.js';
import { cluster, MemoryExpansionReader } from '../support/memory-expansion-reader.js';

const URL = 'https://git.example.com/r.git';
const reader = new MemoryExpansionReader(
  [cluster('one', { env: 'prod' }, { annotations: { role: 'arn' } }), cluster('two')],
  {
    [URL]: {
      'apps/Web_1/config.json': '{"n": 1000000, "deep": {"on": true}, "path": "mine", "values": {"a": "file"}}',
    },
  },
);
const list = (...elements: object[]): { list: object } => ({ list: { elements } });

async function parametersOf(entry: object, options: string[] = [], from: ExpansionReader = reader) {
  const set = { generators: [entry], template: {}, goTemplate: true, goTemplateOptions: options };
  const { documents, errors } = await expandDocuments(set, from);
  if (errors.length > 0) throw new Error(errors[0]?.code);
  return documents.map(({ origin }) => ({ ...origin.parameters }));
}

describe('parameters of Go mode', () => {
  it('passes list elements through as they are (1.1)', async () => {
    const element = { n: 3, deep: { a: [1, null] }, values: { x: 'y' } };
    expect(await parametersOf(list(element))).toEqual([element]);
  });

  it('gives cluster metadata nested, without what is empty (1.2)', async () => {
    const sets = await parametersOf({ clusters: { values: { v: '{{.name}}' } } });
    expect(sets.map(({ name, metadata, values }) => [name, metadata, values])).toEqual([
      ['one', { labels: { env: 'prod' }, annotations: { role: 'arn' } }, { v: 'one' }],
      ['two', {}, { v: 'two' }],
      ['in-cluster', undefined, { v: 'in-cluster' }],
    ]);
  });

  it('gives path as an object, which replaces what the file says, and values that replace its own (1.3)', async () => {
    const git = { repoURL: URL, revision: 'HEAD', files: [{ path: '*.json' }], values: { b: '{{.deep.on}}' } };
    const path = {
      path: 'apps/Web_1',
      basename: 'Web_1',
      basenameNormalized: 'web-1',
      filename: 'config.json',
      filenameNormalized: 'config.json',
      segments: ['apps', 'Web_1'],
    };
    expect(await parametersOf({ git })).toEqual([{ n: 1000000, deep: { on: true }, path, values: { b: 'true' } }]);
    const [prefixed] = await parametersOf({ git: { ...git, pathParamPrefix: 'own', values: {} } });
    expect(prefixed).toMatchObject({ path: 'mine', own: { path }, values: { a: 'file' } });
  });

  it('lets the first child of a matrix win, maps merged and lists replaced (1.4)', async () => {
    const generators = [list({ a: 1, m: { x: 1, l: [1] } }), list({ a: 2, b: 3, m: { y: 2, l: [2, 3] } })];
    expect(await parametersOf({ matrix: { generators } })).toEqual([{ a: 1, b: 3, m: { x: 1, y: 2, l: [1] } }]);
  });

  it('lets the last child of a merge win, empty values included (1.5)', async () => {
    const generators = [list({ id: 'a', m: { x: 1, y: 1 }, e: 'x' }), list({ id: 'a', m: { x: 2 }, e: '' })];
    expect(await parametersOf({ merge: { mergeKeys: ['id'], generators } })).toEqual([
      { id: 'a', m: { x: 2, y: 1 }, e: '' },
    ]);
  });

  it("takes the union where Argo CD crashes on a generator's values meeting an element's (1.5)", async () => {
    const clusters = {
      clusters: { selector: { matchLabels: { env: 'prod' } }, values: { kafka: 'yes', redis: 'no' } },
    };
    const override = list({ name: 'one', values: { redis: 'over', more: 'x' } });
    const union = { kafka: 'yes', redis: 'over', more: 'x' };
    const [merged] = await parametersOf({ merge: { mergeKeys: ['name'], generators: [clusters, override] } });
    expect(merged?.['values']).toEqual(union);
    const [product] = await parametersOf({ matrix: { generators: [clusters, override] } });
    expect(product?.['values']).toEqual({ kafka: 'yes', redis: 'no', more: 'x' });
  });

  it('keeps in values of a second child what its own parameters fill (2.4)', async () => {
    const clusters = { selector: { matchLabels: { env: '{{.env}}' } }, values: { v: '{{.name}}', w: '{{.zone}}' } };
    const entry = { matrix: { generators: [list({ env: 'prod', zone: 'eu' }), { clusters }] } };
    const [set] = await parametersOf(entry, ['missingkey=error']);
    expect(set?.['values']).toEqual({ v: 'one', w: 'eu' });
  });

  it("keeps values of what a nested second child combines for those generators' own parameters (2.4)", async () => {
    const values = { v: '{{.name}}', w: '{{.zone}}', '{{.zone}}': 'key' };
    const clusters = { selector: { matchLabels: { env: 'prod' } }, values };
    const inner = { matrix: { generators: [list({ x: '1' }), { clusters }] } };
    const entry = { matrix: { generators: [list({ zone: 'eu' }), inner] } };
    const [set] = await parametersOf(entry, ['missingkey=error']);
    expect(set?.['values']).toEqual({ v: 'one', w: 'eu', '{{.zone}}': 'key' });
  });

  it('drops null members of a second child that is rendered, and only there (2.1)', async () => {
    const second = list({ b: null, c: 'x' });
    expect(await parametersOf({ matrix: { generators: [list({ a: '1' }), second] } })).toEqual([{ a: '1', c: 'x' }]);
    expect(await parametersOf({ matrix: { generators: [list({}), second] } })).toEqual([{ b: null, c: 'x' }]);
    expect(await parametersOf(second)).toEqual([{ b: null, c: 'x' }]);
  });

  it('takes a flat list of clusters as one leaf in post-selectors, and as a typed list in templates (1.0, 1.2)', async () => {
    const clusters = { flatList: true, selector: { matchLabels: { env: 'prod' } } };
    const matchExpressions = [{ key: 'clusters.0.name', operator: 'Exists' }];
    expect(await parametersOf({ clusters, selector: { matchExpressions } })).toEqual([]);
    const template = {
      metadata: {
        name: '{{len .clusters}}{{range .clusters}}-{{.name}}{{end}}',
        labels: { t: '{{typeOf .clusters}}' },
      },
    };
    const { documents } = await expandSet({ goTemplate: true, template, generators: [{ clusters }] }, reader);
    expect(documents[0]?.metadata).toMatchObject({ name: '1-one', labels: { t: '[]map[string]interface {}' } });
    const none = { clusters: { flatList: true, selector: { matchLabels: { env: 'none' } } } };
    const empty = { metadata: { name: '{{len .clusters}}-{{.clusters | toJson}}' } };
    const nothing = await expandSet({ goTemplate: true, template: empty, generators: [none] }, reader);
    expect(nothing.documents[0]?.metadata.name).toBe('0-null');
  });

  it('fails a nested second child that needs its own parameters under missingkey=error (1.4)', async () => {
    const inner = { matrix: { generators: [list({ own: 'x' }), list({ b: '{{.own}}' })] } };
    const entry = { matrix: { generators: [list({ a: '1' }), inner] } };
    await expect(parametersOf(entry, ['missingkey=error'])).rejects.toThrow('TEMPLATE_EXECUTION');
    expect(await parametersOf(entry)).toEqual([{ a: '1', own: 'x', b: '<no value>' }]);
  });

  it('selects by labels of a cluster and by values, below their maps (1.0)', async () => {
    const clusters = { values: { tier: '{{.name}}-gold' } };
    const names = async (matchLabels: object) =>
      (await parametersOf({ clusters, selector: { matchLabels } })).map(({ name }) => name);
    expect(await names({ 'metadata.labels.env': 'prod' })).toEqual(['one']);
    expect(await names({ 'values.tier': 'two-gold' })).toEqual(['two']);
    expect(await names({ metadata: 'map[labels:map[env:prod]]' })).toEqual([]);
  });

  it('has no nested merge keys: they are null on both sides (1.5)', async () => {
    const merge = (...generators: object[]) => ({ merge: { mergeKeys: ['values.k'], generators } });
    const [set] = await parametersOf(merge(list({ values: { k: '1' } }), list({ values: { k: '2' }, x: 'y' })));
    expect(set).toEqual({ values: { k: '2' }, x: 'y' });
    const two = merge(list({ values: { k: '1' } }, { values: { k: '2' } }), list({}));
    await expect(parametersOf(two)).rejects.toThrow('MERGE_KEYS_NOT_UNIQUE');
  });

  it('replaces a key of the file that is called like the prefix (1.3)', async () => {
    const git = { repoURL: URL, revision: 'HEAD', files: [{ path: '*.json' }], pathParamPrefix: 'deep' };
    const [set] = await parametersOf({ git });
    expect(Object.keys((set?.['deep'] ?? {}) as object)).toEqual(['path']);
  });

  it('takes path.segments as one leaf in post-selectors (1.0)', async () => {
    const git = { repoURL: URL, revision: 'HEAD', directories: [{ path: 'apps/*' }] };
    const selected = (key: string, value: string) => parametersOf({ git, selector: { matchLabels: { [key]: value } } });
    expect(await selected('path.segments', '[apps Web_1]')).toHaveLength(1);
    expect(await selected('path.segments.0', 'apps')).toEqual([]);
  });
});

describe('templates of Go mode', () => {
  const spec = { goTemplate: true, template: { metadata: { name: '{{.name | upper}}-{{.flag}}' } } };

  it('renders texts and patches with the same engine', async () => {
    const templatePatch = '{{if eq .name "web"}}metadata: {labels: {a: {{.name | quote}}}}{{end}}';
    const { metadata } = await applicationOf({ ...spec, templatePatch });
    expect(metadata).toMatchObject({ name: 'WEB-true', labels: { a: 'web' } });
  });

  it('renders a patch with no parameters too, over the template as it is (2.1)', async () => {
    const templatePatch = 'metadata: {annotations: {size: "{{len .}}"}}';
    const { metadata } = await applicationOf({ ...spec, generators: [list({})], templatePatch });
    expect(metadata).toEqual({ name: '{{.name | upper}}-{{.flag}}', namespace: 'argocd', annotations: { size: '0' } });
  });

  it('prints a large number of JSON as Go prints a float64 (2.3)', async () => {
    const template = { metadata: { name: '{{.n}}-{{.n | int64}}-{{.f}}-{{.b}}' } };
    const generators = [list({ n: 1000000, f: 2.5, b: true })];
    expect((await applicationOf({ goTemplate: true, template, generators })).metadata.name).toBe(
      '1e+06-1000000-2.5-true',
    );
  });

  it('says where a template fails, and gives the other parameter sets', async () => {
    const generators = [list({ name: 'a', flag: 'x' }, { name: 3, flag: 'y' })];
    const { documents, branches, errors } = await expandSet({ ...spec, generators });
    expect(documents.map(({ metadata }) => metadata.name)).toEqual(['A-x']);
    expect(branches).toMatchObject([{ state: 'failed' }]);
    expect(errors).toMatchObject([{ code: 'TEMPLATE_EXECUTION', path: 'spec.template.metadata.name' }]);
  });

  it('prints <no value> for a missing parameter, or fails with missingkey=error', async () => {
    const template = { metadata: { name: 'a-{{.nope}}' } };
    expect((await applicationOf({ goTemplate: true, template })).metadata.name).toBe('a-<no value>');
    const { errors } = await expandSet({ goTemplate: true, template, goTemplateOptions: ['missingkey=error'] });
    expect(errors).toMatchObject([{ code: 'TEMPLATE_EXECUTION' }]);
  });

  it('refuses options that Go does not know', async () => {
    const { errors } = await expandSet({ ...spec, goTemplateOptions: ['missingkey=error', 'nope=1'] });
    expect(errors).toMatchObject([{ code: 'TEMPLATE_OPTION_UNKNOWN', path: 'spec.goTemplateOptions[1]' }]);
  });

  it('fails where a missing parameter is given to a function of text', async () => {
    for (const text of ['{{.nope | slugify 10 true}}', '{{.nope | upper}}', '{{slice .nope 0 1}}']) {
      const { errors } = await expandSet({ goTemplate: true, template: { metadata: { name: text } } });
      expect(errors).toMatchObject([{ code: 'TEMPLATE_EXECUTION' }]);
    }
  });

  it('shares no define between texts', async () => {
    const template = { metadata: { name: '{{define "t"}}x{{end}}a', annotations: { b: '{{template "t"}}' } } };
    expect((await expandSet({ goTemplate: true, template })).errors).toMatchObject([{ code: 'TEMPLATE_EXECUTION' }]);
  });
});
