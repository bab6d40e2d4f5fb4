import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RenderingFixture } from '../support/rendering.js';

const configMap = (name: string, more = ''): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}`;

let fixture: RenderingFixture;
const commit: RenderingFixture['repository']['commit'] = (...args) => fixture.repository.commit(...args);

beforeEach(async () => {
  fixture = await RenderingFixture.start();
});

afterEach(() => fixture.close());

async function namesOf(...args: Parameters<RenderingFixture['render']>): Promise<string[]> {
  return (await fixture.render(...args)).objects.map((object) => object.name);
}

describe('a directory of plain manifests', () => {
  it('holds the objects of its YAML and JSON files, many documents and lists included', async () => {
    const list = {
      apiVersion: 'v1',
      kind: 'List',
      items: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } }],
    };
    await commit({
      'app/one.yaml': `${configMap('a')}---\n${configMap('b')}---\n`,
      'app/two.json': JSON.stringify(list),
      'app/three.yml': configMap('d'),
      'app/README.md': 'kind: nothing',
      'app/deep/e.yaml': configMap('e'),
    });
    const rendered = await fixture.render('app');
    expect(rendered).toMatchObject({ sourceTypes: ['Directory'], objectCount: 4, warnings: [], sensitive: false });
    expect(rendered.objects.map((object) => object.name)).toEqual(['a', 'b', 'c', 'd']);
    expect((await fixture.bundle(rendered.digest)).objects).toHaveLength(4);
  });

  it('reads directories below with recurse, within include and without exclude', async () => {
    await commit({
      'app/a.yaml': configMap('a'),
      'app/x/b.yaml': configMap('b'),
      'app/x/y/c.yaml': configMap('c'),
      'app/z/d.yml': configMap('d'),
    });
    expect(await namesOf('app', { directory: { recurse: true } })).toEqual(['a', 'b', 'c', 'd']);
    expect(await namesOf('app', { directory: { recurse: true, include: '{x/*,*.yml}' } })).toEqual(['b', 'c', 'd']);
    const some = { recurse: true, include: '*', exclude: 'x/y/*' };
    expect(await namesOf('app', { directory: some })).toEqual(['a', 'b', 'd']);
    const malformed = await fixture.tryRender('app', { directory: { recurse: true, include: '[a' } });
    expect(malformed).toMatchObject({ error: { code: 'SOURCE_INVALID', path: 'directory.include' } });
  });

  it('leaves out files that are marked or hold something else, and warns of the latter', async () => {
    await commit({
      'app/a.yaml': configMap('a'),
      'app/marked.yaml': `# +argocd:skip-file-rendering\n${configMap('b')}`,
      'app/values.yaml': 'replicas: 3\n',
      'app/broken.yaml': 'a: {{ .Values.x }}\n- b',
    });
    const rendered = await fixture.render('app');
    expect(rendered.objects.map((object) => object.name)).toEqual(['a']);
    expect(rendered.warnings).toEqual([
      'broken.yaml holds no manifests and is left out',
      'values.yaml holds no manifests and is left out',
    ]);
  });

  it.each([
    ['a file that looks like a manifest but is broken', 'app/b.yaml', `${configMap('b')}  bad: [\n`, 'YAML_SYNTAX'],
    ['broken JSON', 'app/b.json', '{', 'YAML_SYNTAX'],
    ['a stranger beside a manifest', 'app/b.yaml', `${configMap('b')}---\nreplicas: 3\n`, 'MANIFEST_INVALID'],
    ['a generated name', 'app/b.yaml', configMap('b').replace('name:', 'generateName:'), 'MANIFEST_INVALID'],
    ['Jsonnet', 'app/b.jsonnet', '{}', 'SOURCE_TYPE_NOT_SUPPORTED'],
    ['a symlink out of the repository', 'app/b.yaml', { link: '../../../etc/hostname' }, 'PATH_ESCAPE'],
  ])('fails on %s', async (_name, path, change, code) => {
    await commit({ 'app/a.yaml': configMap('a'), [path]: change });
    expect(await fixture.tryRender('app')).toMatchObject({ ok: false, error: { code } });
  });

  it('refuses a YAML alias bomb', async () => {
    const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
    for (let level = 1; level <= 9; level += 1) {
      lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(',')}]`);
    }
    await commit({ 'app/bomb.yaml': `${configMap('a', 'data:\n')}  ${lines.join('\n  ')}\n` });
    expect(await fixture.tryRender('app')).toMatchObject({ ok: false, error: { code: 'YAML_ALIAS_BOMB' } });
  });

  it('lets the last of two equal objects count, with a warning', async () => {
    await commit({
      'app/a.yaml': configMap('a', 'data: {v: "1"}\n'),
      'app/b.yaml': configMap('a', 'data: {v: "2"}\n'),
    });
    const rendered = await fixture.render('app');
    expect(rendered.warnings).toEqual(['/ConfigMap//a appears more than once: the one of b.yaml counts']);
    expect((await fixture.bundle(rendered.digest)).objects).toMatchObject([{ data: { v: '2' } }]);
  });

  it('flags a bundle that carries a Secret', async () => {
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: hunter2}\n';
    await commit({ 'app/s.yaml': secret });
    expect(await fixture.render('app')).toMatchObject({ sensitive: true });
  });
});

describe('the place of a source', () => {
  it.each(['../..', '/app', 'app/../../x'])('is never outside the repository: %s', async (path) => {
    await commit({ 'app/a.yaml': configMap('a') });
    expect(await fixture.tryRender(path)).toMatchObject({ ok: false, error: { code: 'PATH_ESCAPE' } });
  });

  it('is missing once it was emptied', async () => {
    await commit({ 'app/a.yaml': configMap('a'), 'other/b.yaml': configMap('b') });
    await fixture.render('./app/');
    await commit({ 'app/a.yaml': null });
    expect(await fixture.tryRender('app')).toMatchObject({ ok: false, error: { code: 'PATH_NOT_FOUND' } });
  });

  it('may hold no manifest at all: that is an empty bundle, not a failure', async () => {
    await commit({ 'app/.gitkeep': '' });
    expect(await fixture.render('app')).toMatchObject({ objectCount: 0 });
  });

  it('is read at the revision that is asked for, and a missing one is said', async () => {
    const sha = await commit({ 'app/a.yaml': configMap('a') });
    await commit({ 'app/a.yaml': configMap('b') });
    expect(await fixture.render('app', { revision: sha })).toMatchObject({
      revisions: [sha],
      objects: [{ name: 'a' }],
    });
    const gone = await fixture.tryRender('app', { revision: 'gone' });
    expect(gone).toMatchObject({ error: { code: 'GIT_REVISION_NOT_FOUND' } });
  });
});

describe('the kind of a source', () => {
  it.each([
    [{ helm: { values: 'a: 1' } }, 'HELM_FAILED', 'app'],
    [{ plugin: { name: 'x' } }, 'SOURCE_TYPE_NOT_SUPPORTED', 'plugin'],
    [{ directory: { jsonnet: { libs: ['x'] } } }, 'SOURCE_TYPE_NOT_SUPPORTED', 'directory.jsonnet'],
    [{ kustomize: { namePrefix: 'x' }, directory: { recurse: true } }, 'SOURCE_INVALID', 'directory'],
  ])('%j is refused by name', async (options, code, path) => {
    await commit({ 'app/a.yaml': configMap('a') });
    expect(await fixture.tryRender('app', options)).toMatchObject({ ok: false, error: { code, path } });
  });

  it('is found by what lies in the directory, an empty option block counting as none', async () => {
    await commit({
      'chart/Chart.yaml': 'apiVersion: v2\nname: x\nversion: 1.0.0\n',
      'kust/kustomization.yml': 'resources: []',
      'kust/a.yaml': configMap('a'),
    });
    const chart = await fixture.render('chart', { directory: { recurse: false } });
    expect(chart).toMatchObject({ sourceTypes: ['Helm'], objectCount: 0 });
    expect(await fixture.render('kust', { helm: {} })).toMatchObject({ sourceTypes: ['Kustomize'], objectCount: 0 });
  });
});

describe('rendering once', () => {
  it('renders a source once for all who ask, and again only when its own files change', async () => {
    await commit({ 'app/a.yaml': configMap('a'), 'other/b.yaml': configMap('b') });
    const many = await Promise.all(Array.from({ length: 20 }, () => fixture.render('app')));
    expect(new Set(many.map((outcome) => outcome.digest)).size).toBe(1);
    expect(fixture.store.saves).toBe(1);
    const sha = await commit({ 'other/b.yaml': configMap('c') });
    expect(await fixture.render('app')).toMatchObject({ digest: many[0]?.digest, revisions: [sha] });
    expect(fixture.store.saves).toBe(1);
    await commit({ 'app/a.yaml': configMap('z') });
    expect((await fixture.render('app')).digest).not.toBe(many[0]?.digest);
    expect(fixture.store.saves).toBe(2);
  });

  it('shares the bundle of two directories that hold the same', async () => {
    await commit({ 'east/a.yaml': configMap('a'), 'west/a.yaml': configMap('a') });
    expect((await fixture.render('east')).digest).toBe((await fixture.render('west')).digest);
    expect(fixture.store.saves).toBe(1);
  });
});
