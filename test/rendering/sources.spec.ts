import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HAS_HELM } from '../support/helm.js';
import { RenderingFixture, WEB } from '../support/rendering.js';

const configMap = (name: string, color: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {color: ${color}}\n`;
const CHART = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'chart/templates/a.yaml': configMap('chart', '{{ .Values.color }}'),
};

let fixture: RenderingFixture;
const commit: RenderingFixture['repository']['commit'] = (...args) => fixture.repository.commit(...args);

beforeEach(async () => {
  fixture = await RenderingFixture.start();
});

afterEach(() => fixture.close());

async function colors(digest: string): Promise<unknown[]> {
  const { objects } = await fixture.bundle(digest);
  return objects.map(({ metadata, data }) => `${metadata.name} ${String((data as Record<string, unknown>)['color'])}`);
}

describe('an Application of several sources', () => {
  it('holds the objects of all; of one that two give, the last counts, with a warning', async () => {
    await commit({ 'a/a.yaml': configMap('a', 'red'), 'b/b.yaml': configMap('b', 'red') });
    await commit({ 'b/a.yaml': configMap('a', 'blue') });
    const sources = [fixture.sourceAt('a'), fixture.sourceAt('b')];
    const rendered = await fixture.renderAll(sources);
    expect(await colors(rendered.digest)).toEqual(['a blue', 'b red']);
    expect(rendered.warnings).toEqual(['/ConfigMap//a appears more than once: the one of a.yaml counts']);
    expect(rendered.sourceTypes).toEqual(['Directory', 'Directory']);
    const turned = await fixture.renderAll(sources.toReversed());
    expect(await colors(turned.digest)).toEqual(['a red', 'b red']);
  });

  it('renders none of them when one cannot be read', async () => {
    await commit({ 'a/a.yaml': configMap('a', 'red') });
    const failed = await fixture.tryRenderAll([fixture.sourceAt('a'), fixture.sourceAt('gone')]);
    expect(failed).toMatchObject({ error: { code: 'PATH_NOT_FOUND' } });
    expect(fixture.store.saves).toBe(0);
  });

  it.each([
    [['a b'], 'letters'],
    [['x', 'x'], 'two sources'],
  ])('refuses the refs %j', async (refs, complaint) => {
    await commit({ 'a/a.yaml': configMap('a', 'red') });
    const sources = refs.map((ref) => fixture.sourceAt('a', { ref }));
    const refused = await fixture.tryRenderAll(sources);
    expect(refused).toMatchObject({ error: { code: 'SOURCE_INVALID', message: expect.stringContaining(complaint) } });
  });
});

describe.skipIf(!HAS_HELM)('a source that another refers to', () => {
  const values = (more: object = {}) => fixture.sourceAt('', { ref: 'values', ...more });
  const chart = (...valueFiles: string[]) => fixture.sourceAt('chart', { helm: { valueFiles } });

  it('lends its files from the root of its repository, and gives no manifests itself', async () => {
    const other = await fixture.server.repository('settings');
    const sha = await other.commit({ 'prod/web.yaml': 'color: green\n', 'a.yaml': configMap('no', 'red') });
    await commit(CHART);
    const sources = [chart('$values/prod/$ARGOCD_APP_NAME.yaml'), values({ repoURL: other.url })];
    const rendered = await fixture.renderAll(sources);
    expect(await colors(rendered.digest)).toEqual(['chart green']);
    expect(rendered.revisions[1]).toBe(sha);
    await other.commit({ 'prod/web.yaml': 'color: blue\n' });
    expect(await colors((await fixture.renderAll(sources)).digest)).toEqual(['chart blue']);
  });

  it('gives manifests too where it has a path, and its files still count from the root', async () => {
    await commit({ ...CHART, 'plain/a.yaml': configMap('plain', 'red'), 'v.yaml': 'color: green\n' });
    const rendered = await fixture.renderAll([chart('$values/v.yaml'), values({ path: 'plain' })]);
    expect(await colors(rendered.digest)).toEqual(['chart green', 'plain red']);
  });

  it('lends nothing from outside of it', async () => {
    await commit({ ...CHART, 'out.yaml': { link: '../../../etc/hostname' } });
    for (const file of ['$values/../x.yaml', '$values/out.yaml']) {
      const refused = await fixture.tryRenderAll([chart(file), values()]);
      expect(refused).toMatchObject({ error: { code: 'PATH_ESCAPE' } });
    }
  });
});

describe.skipIf(!HAS_HELM)('files beside a source', () => {
  it('change its options for every Application, then for one', async () => {
    await commit({
      ...CHART,
      'chart/values.yaml': 'color: red\n',
      'chart/.argocd-source.yaml': 'helm: {parameters: [{name: color, value: green}]}\n',
      'chart/.argocd-source-web.yaml': 'helm: {parameters: [{name: color, value: blue}]}\n',
    });
    const sources = [fixture.sourceAt('chart', { helm: { releaseName: 'x' } })];
    expect(await colors((await fixture.renderAll(sources)).digest)).toEqual(['chart blue']);
    const application = { ...WEB, name: 'other', instance: 'other' };
    expect(await colors((await fixture.renderAll(sources, { application })).digest)).toEqual(['chart green']);
  });

  it('do not change where the source is read from', async () => {
    const override = 'repoURL: https://example.com/x.git\npath: other\ntargetRevision: gone\nchart: redis\n';
    await commit({ 'a/a.yaml': configMap('a', 'red'), 'a/.argocd-source.yaml': override });
    expect(await colors((await fixture.render('a')).digest)).toEqual(['a red']);
  });

  it('fail the source where they cannot be read', async () => {
    await commit({ 'a/a.yaml': configMap('a', 'red'), 'a/.argocd-source.yaml': '- not an object\n' });
    expect(await fixture.tryRender('a')).toMatchObject({ error: { code: 'SOURCE_INVALID' } });
  });
});
