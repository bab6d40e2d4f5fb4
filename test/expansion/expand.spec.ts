import { describe, expect, it } from 'vitest';
import { expandDocuments } from '../../src/expansion/expand.js';
import { applicationOf, expandSet, setWith } from '../support/expansion.js';
import { cluster, MemoryExpansionReader } from '../support/memory-expansion-reader.js';

const list = (...elements: object[]): { list: object } => ({ list: { elements } });
const template = (metadata: object, spec: object = {}): object => ({
  metadata: { name: 'app-{{name}}', ...metadata },
  spec: { project: 'team-a', destination: { server: 'https://s' }, ...spec },
});
const CASCADE = ['resources-finalizer.argocd.argoproj.io'];

describe('what of a template is rendered (2.1)', () => {
  it('renders every text, map keys included, and copies what is not text', async () => {
    const source = { helm: { valuesObject: { '{{name}}': ['{{name}}', 3, null, { deep: true }] }, skipCrds: true } };
    const { spec } = await applicationOf({ template: template({}, { source, revisionHistoryLimit: 5 }) });
    expect(spec).toMatchObject({
      source: { helm: { valuesObject: { web: ['web', 3, null, { deep: true }] }, skipCrds: true } },
      revisionHistoryLimit: 5,
    });
  });

  it("puts the Application into the set's namespace, whatever the template says", async () => {
    const { metadata } = await applicationOf({ template: template({ namespace: '{{name}}' }) });
    expect(metadata).toEqual({ name: 'app-web', namespace: 'argocd', finalizers: CASCADE });
  });

  it('drops unknown fields with a warning and refuses wrong types', async () => {
    const odd = await expandSet({ template: template({ generateName: 'x' }) });
    expect(odd.documents[0]?.metadata).not.toHaveProperty('generateName');
    expect(odd.warnings).toEqual(['spec.template.metadata.generateName is not a known field and is ignored']);
    const wrong = await expandSet({ template: template({}, { revisionHistoryLimit: 'many' }) });
    expect(wrong.errors).toMatchObject([{ code: 'TEMPLATE_TYPE', path: 'spec.template.spec.revisionHistoryLimit' }]);
    expect(wrong.branches).toMatchObject([{ state: 'failed' }]);
  });

  it('warns of a tag that names no parameter', async () => {
    const { documents, warnings } = await expandSet({ template: template({ labels: { x: '{{nmae}}' } }) });
    expect(documents[0]?.metadata.labels).toEqual({ x: '{{nmae}}' });
    expect(warnings).toEqual(['spec.template.metadata.labels.x: the tag {{nmae}} stays as written: no such parameter']);
  });

  it('keeps the last of two keys that become one, where Argo CD takes any', async () => {
    const { metadata } = await applicationOf({ template: template({ labels: { web: 'a', '{{name}}': 'b' } }) });
    expect(metadata.labels).toEqual({ web: 'b' });
  });

  it('takes the template as it is for an empty parameter set', async () => {
    const { metadata } = await applicationOf({ generators: [list({})] });
    expect(metadata).toEqual({ name: 'app-{{name}}', namespace: 'argocd' });
  });
});

describe('the cascading finalizer (2.1)', () => {
  it('is added unless the template has one of its own', async () => {
    expect((await applicationOf({})).metadata.finalizers).toEqual(CASCADE);
    expect((await applicationOf({ template: template({ finalizers: [] }) })).metadata.finalizers).toEqual(CASCADE);
    const own = await applicationOf({ template: template({ finalizers: ['mine'] }) });
    expect(own.metadata.finalizers).toEqual(['mine']);
  });

  it('is not added where resources are preserved, and stays where the template spells it out', async () => {
    const syncPolicy = { preserveResourcesOnDeletion: true };
    expect((await applicationOf({ syncPolicy })).metadata).not.toHaveProperty('finalizers');
    const spelled = await applicationOf({ syncPolicy, template: template({ finalizers: CASCADE }) });
    expect(spelled.metadata.finalizers).toEqual(CASCADE);
    const off = await applicationOf({ syncPolicy: { preserveResourcesOnDeletion: false } });
    expect(off.metadata.finalizers).toEqual(CASCADE);
  });
});

describe("a generator's own template (1.0)", () => {
  const base = template(
    { labels: { a: 'base', b: 'base' } },
    {
      destination: { server: 'https://s' },
      syncPolicy: { automated: { prune: true }, syncOptions: ['A=1'] },
      source: { repoURL: 'r', helm: { valuesObject: { x: 1 } } },
    },
  );
  const merged = (own: object) =>
    applicationOf({ template: base, generators: [{ list: { elements: [{ name: 'web' }], template: own } }] });

  it('wins where it says something, per key of maps and field of objects', async () => {
    const { metadata, spec } = await merged({
      metadata: { name: 'own-{{name}}', labels: { a: 'own', c: 'own' } },
      spec: { project: '', destination: { name: 'by-name' } },
    });
    expect(metadata).toMatchObject({ name: 'own-web', labels: { a: 'own', b: 'base', c: 'own' } });
    expect(spec).toMatchObject({ project: 'team-a', destination: { server: 'https://s', name: 'by-name' } });
  });

  it('takes the whole of its own lists and valuesObject', async () => {
    const syncPolicy = { syncOptions: ['B=2'] };
    const { spec } = await merged({ spec: { syncPolicy, source: { helm: { valuesObject: { y: 2 } } } } });
    expect(spec['syncPolicy']).toEqual({ automated: { prune: true }, syncOptions: ['B=2'] });
    expect(spec['source']).toEqual({ repoURL: 'r', helm: { valuesObject: { y: 2 } } });
  });

  it('says something by an empty valuesObject, which is JSON and taken whole', async () => {
    const { spec } = await merged({ spec: { source: { helm: { valuesObject: {} } } } });
    expect(spec['source']).toEqual({ repoURL: 'r', helm: { valuesObject: {} } });
  });

  it('cannot blank out what the set says by empty text, false or no items', async () => {
    const own = {
      metadata: { labels: { a: '' } },
      spec: { syncPolicy: { automated: { prune: false }, syncOptions: [] } },
    };
    const { metadata, spec } = await merged(own);
    expect(metadata.labels).toEqual({ a: 'base', b: 'base' });
    expect(spec['syncPolicy']).toEqual({ automated: { prune: true }, syncOptions: ['A=1'] });
  });
});

describe('branches', () => {
  it('keeps the Applications of other branches where one cannot be read', async () => {
    const git = { git: { repoURL: 'https://gone', revision: 'HEAD', directories: [{ path: '*' }] } };
    const { documents, branches, errors } = await expandSet({
      generators: [list({ name: 'a' }), git, list({ name: 'b' })],
    });
    expect(documents.map(({ metadata, origin }) => [metadata.name, origin.branch])).toEqual([
      ['app-a', 0],
      ['app-b', 2],
    ]);
    expect(branches.map(({ state }) => state)).toEqual(['complete', 'failed', 'complete']);
    expect(errors).toEqual([
      { code: 'GIT_UNREACHABLE', message: 'cannot reach https://gone', path: 'spec.generators[1].git' },
    ]);
  });

  it('is failed where one parameter set cannot be rendered, and still gives the others', async () => {
    const templatePatch = 'metadata: {labels: {a: {{label}}}}';
    const generators = [list({ name: 'a', label: 'x' }, { name: 'b', label: '[' }, { name: 'c', label: 'z' })];
    const { documents, branches, errors } = await expandSet({ generators, templatePatch });
    expect(documents.map(({ metadata }) => metadata.name)).toEqual(['app-a', 'app-c']);
    expect(branches).toMatchObject([{ state: 'failed', results: 3, error: { code: 'TEMPLATE_PATCH_SYNTAX' } }]);
    expect(errors).toHaveLength(1);
  });

  it('takes two generators of one top-level entry, list before clusters', async () => {
    const reader = new MemoryExpansionReader([cluster('one')]);
    const { documents } = await expandSet({ generators: [{ clusters: {}, ...list({ name: 'a' }) }] }, reader);
    expect(documents.map(({ metadata }) => metadata.name)).toEqual(['app-a', 'app-one', 'app-in-cluster']);
  });

  it.each(['scmProvider', 'pullRequest', 'plugin', 'clusterDecisionResource'])('fails by name for %s', async (key) => {
    const { branches, errors } = await expandSet({ generators: [{ [key]: {} }] });
    expect(branches).toMatchObject([{ state: 'failed', results: 0 }]);
    expect(errors).toMatchObject([{ code: 'GENERATOR_NOT_SUPPORTED', path: `spec.generators[0].${key}` }]);
    expect(errors[0]?.message).toContain(key);
  });

  it('warns of unknown generator keys and gives nothing for them', async () => {
    const { documents, branches, warnings } = await expandSet({ generators: [{ lists: {} }] });
    expect([documents, branches[0]?.state]).toEqual([[], 'complete']);
    expect(warnings).toEqual(['spec.generators[0].lists is not a generator and is ignored']);
  });

  it('fails every branch for an engine that is not there rather than render halfway', async () => {
    const { metadata } = setWith();
    const byAnnotation = { annotations: { 'fleetwright.io/template-engine': 'jinja' } };
    const { documents, errors } = await expandDocuments(
      { ...setWith().spec, ...byAnnotation },
      new MemoryExpansionReader(),
    );
    expect([metadata.name, documents]).toEqual(['set', []]);
    expect(errors).toMatchObject([{ code: 'TEMPLATE_ENGINE_NOT_SUPPORTED' }]);
  });

  it.each([[undefined], ['text'], [{}]])('refuses generators that are %j', async (generators) => {
    const { branches, errors } = await expandSet({ generators });
    expect(branches).toMatchObject([{ state: 'failed' }]);
    expect(errors).toMatchObject([{ code: 'FIELD_TYPE', path: 'spec.generators' }]);
  });

  it.each([
    [null, 'spec.generators[0]'],
    [{ list: 'x' }, 'spec.generators[0].list'],
    [{ list: { elements: 'x' } }, 'spec.generators[0].list.elements'],
    [{ clusters: { values: { a: 1 } } }, 'spec.generators[0].clusters.values.a'],
    [{ clusters: { selector: { matchLabels: [] } } }, 'spec.generators[0].clusters.selector.matchLabels'],
  ])('names the field of the wrong type in %j', async (entry, path) => {
    expect((await expandSet({ generators: [entry] })).errors).toMatchObject([{ code: 'FIELD_TYPE', path }]);
  });
});

describe('documents of any kind', () => {
  it('renders any template, with the parameters each came from', async () => {
    const document = { kind: 'ClusterSecretStore', spec: { role: '{{metadata.annotations.role}}', retries: 3 } };
    const reader = new MemoryExpansionReader([cluster('one', { env: 'x' }, { annotations: { role: 'arn' } })]);
    const generators = [{ clusters: { selector: { matchLabels: { env: 'x' } } } }];
    const { documents } = await expandDocuments({ generators, template: document }, reader);
    expect(documents).toMatchObject([
      {
        document: { kind: 'ClusterSecretStore', spec: { role: 'arn', retries: 3 } },
        origin: { branch: 0, parameters: { name: 'one' } },
      },
    ]);
  });
});
