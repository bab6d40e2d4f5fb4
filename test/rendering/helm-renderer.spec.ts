import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { parseYamlDocuments } from '../../src/kubernetes/yaml.js';
import type { SourceRequest } from '../../src/rendering/domain/render-request.js';
import { HAS_HELM } from '../support/helm.js';
import { RenderingFixture, testTools, WEB } from '../support/rendering.js';

const settings = (body: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-settings\ndata:\n${body}`;
const CHART = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'chart/values.yaml': 'color: red\nreplicas: 1\n',
  'chart/templates/settings.yaml': settings(
    '  color: {{ .Values.color | quote }}\n  all: {{ toJson .Values | quote }}\n',
  ),
};

let fixture: RenderingFixture;
const commit: RenderingFixture['repository']['commit'] = (...args) => fixture.repository.commit(...args);

beforeEach(async () => {
  fixture = await RenderingFixture.start();
});

afterEach(() => fixture.close());

async function objectsOf(path: string, more: Partial<SourceRequest> = {}): Promise<KubernetesObject[]> {
  const { digest } = await fixture.render(path, more);
  return (await fixture.bundle(digest)).objects;
}

/** The values that the chart's template saw. */
async function valuesSeen(more: Partial<SourceRequest>): Promise<Record<string, unknown>> {
  const [object] = await objectsOf('chart', more);
  return JSON.parse(String((object?.['data'] as Record<string, unknown>)['all'])) as Record<string, unknown>;
}

describe.skipIf(!HAS_HELM)('a chart in a repository', () => {
  it('renders what helm template prints, hooks and definitions included', async () => {
    await commit({
      ...CHART,
      'chart/crds/crontabs.yaml':
        'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: crontabs.example.com}\n',
      'chart/templates/job.yaml':
        'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  annotations: {helm.sh/hook: pre-install}\n',
    });
    const helm = await testTools.helm();
    if (!helm.ok) throw new Error(helm.error.message);
    const path = join(fixture.repository.work, 'chart');
    const args = ['template', 'web', path, '--namespace', 'shop', '--include-crds'];
    const { stdout } = await promisify(execFile)(helm.value, args);
    const printed = parseYamlDocuments(stdout);
    const objects = await objectsOf('chart');
    expect(objects).toHaveLength(3);
    expect(objects).toEqual(expect.arrayContaining(printed));
  });

  it('is released under the name and in the namespace of the Application, or those it is given', async () => {
    await commit({
      ...CHART,
      'chart/templates/settings.yaml': settings('  at: "{{ .Release.Namespace }}/{{ .Release.Name }}"\n'),
    });
    expect(await objectsOf('chart')).toMatchObject([{ data: { at: 'shop/web' } }]);
    const helm = { releaseName: 'front-$ARGOCD_APP_NAME', namespace: 'other' };
    expect(await objectsOf('chart', { helm })).toMatchObject([{ data: { at: 'other/front-web' } }]);
  });

  it('leaves out definitions and tests where the Application says so', async () => {
    await commit({
      ...CHART,
      'chart/crds/a.yaml': 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a}\n',
      'chart/templates/test.yaml':
        'apiVersion: v1\nkind: Pod\nmetadata:\n  name: probe\n  annotations: {helm.sh/hook: test}\n',
    });
    expect((await objectsOf('chart')).map(({ kind }) => kind).sort()).toEqual([
      'ConfigMap',
      'CustomResourceDefinition',
      'Pod',
    ]);
    const helm = { skipCrds: true, skipTests: true };
    expect((await objectsOf('chart', { helm })).map(({ kind }) => kind)).toEqual(['ConfigMap']);
  });

  it('refuses values that break its schema, unless that is switched off', async () => {
    const schema = JSON.stringify({ type: 'object', properties: { color: { enum: ['red'] } } });
    await commit({ ...CHART, 'chart/values.schema.json': schema });
    const helm = { values: 'color: blue' };
    const refused = await fixture.tryRender('chart', { helm });
    expect(refused).toMatchObject({ error: { code: 'HELM_FAILED', message: expect.stringContaining('color') } });
    expect(await valuesSeen({ helm: { ...helm, skipSchemaValidation: true } })).toMatchObject({ color: 'blue' });
  });

  it('says what Helm says, in the paths of the repository', async () => {
    await commit({ ...CHART, 'chart/templates/broken.yaml': '{{ fail "no luck" }}' });
    const failed = await fixture.tryRender('chart');
    expect(failed).toMatchObject({ error: { code: 'HELM_FAILED', path: 'chart' } });
    const message = failed.ok ? '' : failed.error.message;
    expect(message).toContain('no luck');
    expect(message).not.toContain('/tmp');
  });
});

describe.skipIf(!HAS_HELM)('the values of a chart', () => {
  it('come from files, then values, then parameters, the later ones winning', async () => {
    await commit({
      ...CHART,
      'chart/a.yaml': 'a: file\nb: file\nc: file\n',
      'shared/b.yaml': 'b: second\nc: second\n',
    });
    const valueFiles = ['a.yaml', '../shared/b.yaml'];
    expect(await valuesSeen({ helm: { valueFiles } })).toMatchObject({ a: 'file', b: 'second', c: 'second' });
    const values = 'c: inline\n';
    expect(await valuesSeen({ helm: { valueFiles, values } })).toMatchObject({ b: 'second', c: 'inline' });
    const parameters = [{ name: 'c', value: 'parameter' }];
    expect(await valuesSeen({ helm: { valueFiles, values, parameters } })).toMatchObject({ c: 'parameter' });
    expect(await valuesSeen({ helm: { values, valuesObject: { c: 'object' } } })).toMatchObject({ c: 'object' });
  });

  it('keep parameters as text where they are forced to, and commas and lists as Argo CD does', async () => {
    await commit(CHART);
    const parameters = [
      { name: 'n', value: '7' },
      { name: 's', value: '7', forceString: true },
      { name: 'comma', value: 'a,b=c' },
      { name: 'escaped', value: 'a\\,b' },
      { name: 'list', value: '{a,b}' },
      { name: 'app', value: '$ARGOCD_APP_NAME-${ARGOCD_APP_NAMESPACE}-$$x-$UNSET' },
    ];
    expect(await valuesSeen({ helm: { parameters } })).toMatchObject({
      n: 7,
      s: '7',
      comma: 'a,b=c',
      escaped: 'a,b',
      list: ['a', 'b'],
      app: 'web-shop-$x-',
    });
  });

  it('take whole files as parameters', async () => {
    await commit({ ...CHART, 'files/motd.txt': 'hello, {world}\n' });
    const fileParameters = [{ name: 'motd', path: '../files/motd.txt' }];
    expect(await valuesSeen({ helm: { fileParameters } })).toMatchObject({ motd: 'hello, {world}\n' });
  });

  it('may be named by a glob, in the order of their names, and by a path from the root of the repository', async () => {
    await commit({
      ...CHART,
      'chart/values/10-a.yaml': 'x: 10\n',
      'chart/values/20-b.yaml': 'x: 20\n',
      'chart/values/deep/30-c.yaml': 'x: 30\n',
      'root.yaml': 'x: root\n',
    });
    expect(await valuesSeen({ helm: { valueFiles: ['values/*.yaml'] } })).toMatchObject({ x: 20 });
    expect(await valuesSeen({ helm: { valueFiles: ['values/**/*.yaml'] } })).toMatchObject({ x: 30 });
    const explicit = ['values/20-b.yaml', 'values/*.yaml'];
    expect(await valuesSeen({ helm: { valueFiles: explicit } })).toMatchObject({ x: 10 });
    expect(await valuesSeen({ helm: { valueFiles: ['/root.yaml'] } })).toMatchObject({ x: 'root' });
  });

  it('fail on a file that is not there, unless missing ones are ignored', async () => {
    await commit(CHART);
    const valueFiles = ['none.yaml', 'values/*.yaml'];
    const failed = await fixture.tryRender('chart', { helm: { valueFiles } });
    expect(failed).toMatchObject({ error: { code: 'PATH_NOT_FOUND', path: 'helm.valueFiles' } });
    expect(await valuesSeen({ helm: { valueFiles, ignoreMissingValueFiles: true } })).toMatchObject({ color: 'red' });
  });

  it.each(['../../etc/passwd', '/../x.yaml', 'https://example.com/values.yaml', '$other/values.yaml'])(
    'are never read from outside: %s',
    async (file) => {
      await commit(CHART);
      const refused = await fixture.tryRender('chart', { helm: { valueFiles: [file] } });
      const codes = ['PATH_ESCAPE', 'SOURCE_INVALID'];
      expect(refused).toMatchObject({ ok: false, error: { code: expect.toBeOneOf(codes) } });
    },
  );
});

describe.skipIf(!HAS_HELM)('a chart that depends on others', () => {
  const dependency = 'dependencies:\n- {name: common, version: 1.x, repository: "file://../common"}\n';
  const PARENT = { ...CHART, 'chart/Chart.yaml': `${CHART['chart/Chart.yaml']}${dependency}` };
  const COMMON = {
    'common/Chart.yaml': 'apiVersion: v2\nname: common\nversion: 1.2.0\n',
    'common/templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: common}\n',
  };

  it('takes them from beside it, and renders again when they change', async () => {
    await commit({ ...PARENT, ...COMMON });
    const before = await fixture.render('chart');
    expect(before.objects.map(({ name }) => name)).toEqual(['common', 'web-settings']);
    await commit({ 'common/templates/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\n' });
    expect((await fixture.render('chart')).objects.map(({ name }) => name)).toEqual(['other', 'web-settings']);
  });

  it('says which one is nowhere to be found', async () => {
    await commit(PARENT);
    const failed = await fixture.tryRender('chart');
    expect(failed).toMatchObject({ error: { code: 'HELM_FAILED', message: expect.stringContaining('"common"') } });
  });
});

describe.skipIf(!HAS_HELM)('one bundle for equal inputs', () => {
  const onCluster = (kubeVersion: string, apiVersions: string[] = []) =>
    fixture.renderAll([fixture.sourceAt('chart', { helm: { releaseName: 'web' } })], {
      cluster: { kubeVersion, apiVersions },
    });

  it('serves clusters of any version while no template asks for it', async () => {
    await commit(CHART);
    const [old, young] = [await onCluster('v1.30.1'), await onCluster('v1.36.0')];
    expect(old.digest).toBe(young.digest);
    expect(fixture.store.saves).toBe(1);
  });

  it('is rendered for each kind of cluster where a template asks', async () => {
    const asks = settings(
      '  v: "{{ .Capabilities.KubeVersion.Minor }} {{ .Capabilities.APIVersions.Has "example.com/v1" }}"\n',
    );
    await commit({ ...CHART, 'chart/templates/settings.yaml': asks });
    const rendered = [await onCluster('v1.30.1+k3s1'), await onCluster('1.36', ['example.com/v1'])];
    const bundles = await Promise.all(rendered.map(({ digest }) => fixture.bundle(digest)));
    expect(bundles.map(({ objects }) => objects[0]?.['data'])).toEqual([{ v: '30 false' }, { v: '36 true' }]);
  });

  it('ignores what a render does not read: the rest of the repository, the Application by name', async () => {
    await commit(CHART);
    const sources = [fixture.sourceAt('chart', { helm: { releaseName: 'web' } })];
    await fixture.renderAll(sources);
    await commit({ 'README.md': 'new' });
    await fixture.renderAll(sources, { application: { ...WEB, name: 'other', instance: 'other' } });
    expect(fixture.store.saves).toBe(1);
  });
});
