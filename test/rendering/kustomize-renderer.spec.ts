import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseYamlDocuments } from '../../src/kubernetes/yaml.js';
import { ok } from '../../src/kernel/result.js';
import { Tools } from '../../src/rendering/tools/tools.js';
import { RenderingFixture, testTools } from '../support/rendering.js';

const BASE = {
  'base/kustomization.yaml': 'resources: [deployment.yaml]\ncommonLabels: {app: web}\n',
  'base/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  template:
    spec:
      containers: [{name: web, image: "registry.example.com:5000/web:1.0"}]
`,
};
const overlay = (tenant: string): Record<string, string> => ({
  [`overlays/${tenant}/kustomization.yaml`]: `resources: [../../base]\nnamePrefix: ${tenant}-\nconfigMapGenerator:\n- name: settings\n  literals: [tenant=${tenant}]\n`,
});

let fixture: RenderingFixture;
const commit: RenderingFixture['repository']['commit'] = (...args) => fixture.repository.commit(...args);

beforeEach(async () => {
  fixture = await RenderingFixture.start();
});

afterEach(() => fixture.close());

async function kubectlPath(): Promise<string> {
  const kubectl = await testTools.kubectl();
  if (!kubectl.ok) throw new Error(kubectl.error.message);
  return kubectl.value;
}

describe('a kustomization', () => {
  it('renders what kubectl kustomize prints', async () => {
    await commit({ ...BASE, ...overlay('a') });
    const rendered = await fixture.render('overlays/a');
    const path = join(fixture.repository.work, 'overlays/a');
    const { stdout } = await promisify(execFile)(await kubectlPath(), ['kustomize', path]);
    const printed = parseYamlDocuments(stdout);
    const { objects } = await fixture.bundle(rendered.digest);
    expect(objects).toHaveLength(2);
    expect(objects).toEqual(expect.arrayContaining(printed));
  });

  it('keeps the digest of every other overlay when one changes, and renders only that one', async () => {
    await commit({ ...BASE, ...overlay('a'), ...overlay('b') });
    const [a, b] = [await fixture.render('overlays/a'), await fixture.render('overlays/b')];
    await commit({
      'overlays/a/kustomization.yaml': `${overlay('a')['overlays/a/kustomization.yaml']}nameSuffix: -v2\n`,
    });
    expect((await fixture.render('overlays/a')).digest).not.toBe(a.digest);
    expect((await fixture.render('overlays/b')).digest).toBe(b.digest);
    expect(fixture.store.saves).toBe(3);
    await commit({ 'base/deployment.yaml': BASE['base/deployment.yaml'].replace('replicas: 1', 'replicas: 2') });
    expect((await fixture.render('overlays/b')).digest).not.toBe(b.digest);
    expect(fixture.store.saves).toBe(4);
  });

  it('takes the options of the Application as kustomize edit would', async () => {
    await commit({ ...BASE, ...overlay('a') });
    const kustomize = {
      namePrefix: 'over-',
      nameSuffix: '-x',
      namespace: 'tenant',
      images: ['registry.example.com:5000/web=mirror.example.com/web:2.0'],
      replicas: [{ name: 'web', count: '4' }],
      commonLabels: { team: 'a' },
      commonAnnotations: { note: 'yes' },
      patches: [{ target: { kind: 'Deployment' }, patch: '- {op: add, path: /spec/paused, value: true}' }],
    };
    const rendered = await fixture.render('overlays/a', { kustomize });
    const { objects } = await fixture.bundle(rendered.digest);
    expect(objects.find((object) => object.kind === 'Deployment')).toMatchObject({
      metadata: {
        name: 'over-web-x',
        namespace: 'tenant',
        labels: { app: 'web', team: 'a' },
        annotations: { note: 'yes' },
      },
      spec: {
        replicas: 4,
        paused: true,
        selector: { matchLabels: { team: 'a' } },
        template: { spec: { containers: [{ image: 'mirror.example.com/web:2.0' }] } },
      },
    });
  });

  it('refuses options it would have to ignore', async () => {
    await commit({ ...BASE, ...overlay('a') });
    const version = await fixture.tryRender('overlays/a', { kustomize: { version: 'v4' } });
    expect(version).toMatchObject({ error: { code: 'KUSTOMIZE_OPTION_REFUSED', path: 'kustomize.version' } });
    const taken = await fixture.tryRender('base', { kustomize: { commonLabels: { app: 'other' } } });
    expect(taken).toMatchObject({ error: { code: 'KUSTOMIZE_OPTION_REFUSED', path: 'kustomize.commonLabels' } });
    const forced = { commonLabels: { app: 'other' }, forceCommonLabels: true };
    expect(await fixture.tryRender('base', { kustomize: forced })).toMatchObject({ ok: true });
  });

  it('passes on the complaint of kustomize with paths of the repository, and leaves no files behind', async () => {
    const workDirectory = await mkdtemp(join(tmpdir(), 'work-'));
    const special = await RenderingFixture.start({ workDirectory });
    await special.repository.commit({ 'app/kustomization.yaml': 'resources: [../empty]\n', 'empty/a.txt': '' });
    const failed = await special.tryRender('app');
    expect(failed).toMatchObject({ ok: false, error: { code: 'KUSTOMIZE_FAILED', path: 'app' } });
    expect(JSON.stringify(failed)).not.toContain(workDirectory);
    expect(await readdir(workDirectory)).toEqual([]);
    await rm(workDirectory, { recursive: true });
    await special.close();
  });
});

describe('a kustomization that reaches too far', () => {
  it.each([
    ['resources: [https://example.com/a.yaml]', 'KUSTOMIZE_REMOTE_REFUSED'],
    ['Resources: [https://example.com/a.yaml]', 'KUSTOMIZE_REMOTE_REFUSED'],
    ['resourceſ: [https://example.com/a.yaml]', 'KUSTOMIZE_REMOTE_REFUSED'],
    ['resources: [github.com/example/repo//base?ref=main]', 'KUSTOMIZE_REMOTE_REFUSED'],
    ['bases: ["git@example.com:a/b"]', 'KUSTOMIZE_REMOTE_REFUSED'],
    ['components: ["ssh://git@example.com/a"]', 'KUSTOMIZE_REMOTE_REFUSED'],
    ['resources: ["file:///etc"]', 'KUSTOMIZE_REMOTE_REFUSED'],
    ['patches: [{path: "http://127.0.0.1:8080/x"}]', 'KUSTOMIZE_REMOTE_REFUSED'],
    ['configMapGenerator: [{name: a, files: ["x=http://127.0.0.1/x"]}]', 'KUSTOMIZE_REMOTE_REFUSED'],
    ['secretGenerator: [{name: a, files: ["a/b=http://127.0.0.1/x"]}]', 'KUSTOMIZE_REMOTE_REFUSED'],
    ['openapi: {path: "https://example.com/schema.json"}', 'KUSTOMIZE_REMOTE_REFUSED'],
    ['transformers: [plugin.yaml]', 'KUSTOMIZE_REMOTE_REFUSED'],
    ['resources: [../../outside]', 'PATH_ESCAPE'],
    ['resources: [/etc]', 'PATH_ESCAPE'],
    ['resources: [out.yaml]', 'PATH_ESCAPE'],
    ['resources: [link]', 'PATH_NOT_FOUND'],
    ['resources: [link/sub]', 'PATH_NOT_FOUND'],
    ['helmCharts: [{name: x}]', 'KUSTOMIZE_REMOTE_REFUSED'],
    ['helmcharts: [{name: x}]', 'SOURCE_TYPE_NOT_SUPPORTED'],
    ['helmChartInflationGenerator: [{chartName: x}]', 'SOURCE_TYPE_NOT_SUPPORTED'],
    ['helmCharts: [{name: x, repo: "http://127.0.0.1", version: 1.0.0}]', 'KUSTOMIZE_REMOTE_REFUSED'],
    ['helmCharts: [{name: ../../x}]', 'KUSTOMIZE_OPTION_REFUSED'],
    ['helmCharts: [{name: x, releaseName: "--values=/etc/hostname"}]', 'KUSTOMIZE_OPTION_REFUSED'],
    ['helmGlobals: {configHome: .}', 'KUSTOMIZE_OPTION_REFUSED'],
    ['helmCharts: [{name: x, valuesFile: "http://127.0.0.1/v"}]', 'KUSTOMIZE_REMOTE_REFUSED'],
    ['configMapGenerator: [{name: a, files: [../secret.txt]}]', 'KUSTOMIZE_FAILED'],
  ])('is refused: %s', async (text, code) => {
    await commit({
      'app/kustomization.yaml': `${text}\n`,
      'app/plugin.yaml': 'apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: x}\npath: http://127.0.0.1/x\n',
      'app/link': { link: 'hidden' },
      'app/hidden/sub/kustomization.yaml': 'resources: [https://example.com/a.yaml]\n',
      'secret.txt': 'x',
    });
    await commit(text.includes('out.yaml') ? { 'app/out.yaml': { link: '../../../etc/hostname' } } : {});
    expect(await fixture.tryRender('app')).toMatchObject({ ok: false, error: { code } });
  });

  it('is refused when a base far down does it', async () => {
    await commit({
      'app/kustomization.yaml': 'resources: [../one]\n',
      'one/kustomization.yaml': 'resources: [../two]\n',
      'two/kustomization.yaml': 'resources: [https://example.com/a.yaml]\n',
    });
    const failed = await fixture.tryRender('app');
    expect(failed).toMatchObject({ error: { code: 'KUSTOMIZE_REMOTE_REFUSED', path: 'two' } });
  });
});

describe('the kustomize process', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fake-kubectl-'));
    await mkdir(join(folder, 'bin'));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function withKubectl(script: string, timeoutMs = 30_000): Promise<RenderingFixture> {
    const binary = join(folder, 'bin/kubectl');
    await writeFile(binary, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    class FakeVersion extends Tools {
      override kustomizeVersion(): ReturnType<Tools['kustomizeVersion']> {
        return Promise.resolve(ok('v0'));
      }
    }
    const tools = new FakeVersion({ cacheDirectory: folder, kubectlBinary: binary });
    const special = await RenderingFixture.start({ tools, timeoutMs, maxOutputBytes: 1 << 20 });
    await special.repository.commit({ ...BASE });
    return special;
  }

  it('is killed with everything it started when it hangs', async () => {
    const special = await withKubectl(`/bin/sh -c 'echo $$ > ${folder}/pid; exec /bin/sleep 600' & wait`, 500);
    expect(await special.tryRender('base')).toMatchObject({ ok: false, error: { code: 'RENDER_TIMEOUT' } });
    const pid = (await readFile(join(folder, 'pid'), 'utf8')).trim();
    await expect.poll(() => isRunning(pid), { timeout: 60_000 }).toBe(false);
    await special.close();
  });

  it('is stopped when it prints without end', async () => {
    const special = await withKubectl('while :; do echo "a: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"; done');
    expect(await special.tryRender('base')).toMatchObject({ ok: false, error: { code: 'RENDER_TOO_LARGE' } });
    await special.close();
  });

  it('sees nothing of our environment', async () => {
    process.env.FLEET_TEST_SECRET = 'inherited';
    const special = await withKubectl(`/usr/bin/env > ${folder}/env`);
    await special.render('base');
    delete process.env.FLEET_TEST_SECRET;
    const seen = await readFile(join(folder, 'env'), 'utf8');
    expect(seen).not.toContain('inherited');
    expect(seen).not.toContain(process.env.HOME ?? 'no home');
    await special.close();
  });

  it('is named with the variable that helps when it cannot be started', async () => {
    const special = await RenderingFixture.start({
      tools: new Tools({ cacheDirectory: folder, kubectlBinary: '/absent' }),
    });
    await special.repository.commit({ ...BASE });
    const failed = await special.tryRender('base');
    expect(failed).toMatchObject({
      error: { code: 'RENDERER_UNAVAILABLE', message: expect.stringContaining('KUBECTL_BINARY') },
    });
    await special.close();
  });
});

/** A killed process may wait as a zombie for its parent: that counts as gone. */
async function isRunning(pid: string): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return status !== undefined && !/\) Z /.test(status);
}
