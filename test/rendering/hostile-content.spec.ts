import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RenderPool } from '../../src/rendering/tools/render-pool.js';
import { HAS_HELM } from '../support/helm.js';
import { writeTree } from '../support/local-trees.js';
import { runInProcess } from '../support/terminal.js';

const URL = 'https://git.example.com/team/apps.git';
const CHART = { 'app/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n' };
const configMap = (name: string, more = ''): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n${more}`;

let root: string;
beforeEach(() => (root = mkdtempSync(path.join(os.tmpdir(), 'fleetwright-hostile-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** The code that a source is refused with, and everything that was said and printed. */
async function refusal(files: Parameters<typeof writeTree>[1], source: object = {}) {
  writeTree(`${root}/repo`, files);
  const spec = {
    project: 'p',
    destination: { name: 'x', namespace: 'shop' },
    source: { repoURL: URL, path: 'app', targetRevision: 'v1', ...source },
  };
  const document = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'web' }, spec };
  writeFileSync(`${root}/application.json`, JSON.stringify(document));
  const flags = ['-f', `${root}/application.json`, '--git', `${URL}=${root}/repo`, '-o', 'json'];
  const { stdout, stderr } = await runInProcess(['render', ...flags]);
  return { code: /\(([A-Z_]+)\)\s*$/.exec(stderr)?.[1], said: stdout + stderr };
}

describe('manifests that would exhaust whoever reads them', () => {
  it('are refused by their count', async () => {
    const { code } = await refusal({ 'app/a.yaml': `${configMap('a')}---\n`.repeat(6_000) });
    expect(code).toBe('RENDER_TOO_LARGE');
  });

  it('are refused by their depth, in YAML and in JSON', async () => {
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
    expect((await refusal({ 'app/a.yaml': configMap('a', `data: ${deep}\n`) })).code).toBe('YAML_TOO_DEEP');
    const json = `{"apiVersion":"v1","kind":"X","metadata":{"name":"x"},"data":${deep}}`;
    expect((await refusal({ 'app/a.yaml': 'kind: X', 'app/b.json': json })).code).toBe('YAML_TOO_DEEP');
  });

  it('are refused by what their aliases expand to', async () => {
    const levels = Array.from({ length: 9 }, (_, level) => `  b${level}: &b${level} [${`*b${level - 1},`.repeat(9)}]`);
    const bomb = ['data:', '  b-1: &b-1 [x]', ...levels].join('\n');
    expect((await refusal({ 'app/a.yaml': configMap('a', `${bomb}\n`) })).code).toBe('YAML_ALIAS_BOMB');
  });

  it('are refused where one has more bytes than a cluster takes', async () => {
    const { code } = await refusal({ 'app/a.yaml': configMap('a', `data: {x: "${'x'.repeat(4 << 20)}"}\n`) });
    expect(code).toBe('RENDER_TOO_LARGE');
  });
});

describe.skipIf(!HAS_HELM)('a chart', () => {
  it('that prints without end is cut off', async () => {
    const template = '{{ range until 40000 }}# {{ repeat 1000 "x" }}\n{{ end }}';
    expect((await refusal({ ...CHART, 'app/templates/a.yaml': template })).code).toBe('RENDER_TOO_LARGE');
  });

  it('that includes itself without end fails', async () => {
    const template = '{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}';
    expect((await refusal({ ...CHART, 'app/templates/a.yaml': template })).code).toBe('HELM_FAILED');
  });

  it('sees neither the environment nor files of the machine', async () => {
    process.env['FLEET_HOSTILE_SECRET'] = 'inherited';
    const text = configMap('a', 'data: {e: {{ (env "FLEET_HOSTILE_SECRET") | quote }}}\n');
    const environment = await refusal({ ...CHART, 'app/templates/a.yaml': text });
    delete process.env['FLEET_HOSTILE_SECRET'];
    expect(environment.code).toBe('HELM_FAILED');
    expect(environment.said).not.toContain('inherited');
    const file = configMap('a', 'data: {f: {{ .Files.Get "../../../../../../etc/hostname" | quote }}}\n');
    expect((await refusal({ ...CHART, 'app/templates/a.yaml': file })).said).toContain('"f":""');
  });

  it.each([
    [{ fileParameters: [{ name: 'x', path: '/etc/hostname' }] }, 'PATH_NOT_FOUND'],
    [{ fileParameters: [{ name: 'x', path: '../../../../etc/hostname' }] }, 'PATH_ESCAPE'],
    [{ fileParameters: [{ name: 'x', path: 'out.txt' }] }, 'PATH_ESCAPE'],
    [{ valueFiles: ['out.txt'] }, 'PATH_ESCAPE'],
    [{ valueFiles: ['file:///etc/hostname'] }, 'SOURCE_INVALID'],
    [{ valueFiles: ['http://127.0.0.1/values.yaml'] }, 'SOURCE_INVALID'],
  ])('is given no file from outside of its repository: %j', async (helm, code) => {
    const files = { ...CHART, 'app/out.txt': { link: '/etc/hostname' } };
    expect((await refusal(files, { helm })).code).toBe(code);
  });

  it.each([
    { releaseName: '--post-renderer=/bin/sh' },
    { namespace: '--post-renderer=/bin/sh' },
    { kubeVersion: '1.30 --post-renderer=/bin/sh' },
    { parameters: [{ name: '--post-renderer', value: '/bin/sh' }] },
  ])('gets no option of its program from a field: %j', async (helm) => {
    const files = { ...CHART, 'app/templates/a.yaml': configMap('a') };
    const { code, said } = await refusal(files, { helm });
    expect([undefined, 'HELM_FAILED']).toContain(code);
    expect(said).not.toMatch(/post-?renderer.*(?:exec|plugin)/i);
  });
});

describe('a program that renders', () => {
  it.runIf(process.platform === 'linux')('is killed when it takes more memory than it may', async () => {
    const pool = new RenderPool({ maxMemoryBytes: 256 << 20 });
    const hoard = 'const kept = []; setInterval(() => kept.push(Buffer.alloc(8 << 20, 1)), 10)';
    const withoutValues = (complaint: string): Promise<string> => Promise.resolve(complaint);
    const words = { command: process.execPath, args: ['-e', hoard], withoutValues };
    const program = { name: 'helm', path: 'app', failure: 'HELM_FAILED', ...words } as const;
    const outcome = await pool.inFolder((folder) => pool.run({ ...program, folder }));
    expect(outcome).toMatchObject({ error: { code: 'RENDER_TOO_LARGE', message: expect.stringContaining('256 MiB') } });
  });
});

describe('a kustomization', () => {
  it.each([
    ['generators: [exec.yaml]', 'KUSTOMIZE_FAILED'],
    ['transformers: [container.yaml]', 'KUSTOMIZE_FAILED'],
    ['patches: [{path: ../../../../etc/hostname}]', 'KUSTOMIZE_FAILED'],
    ['configMapGenerator: [{name: a, files: [/etc/hostname]}]', 'KUSTOMIZE_FAILED'],
    ['resources: [..]', 'KUSTOMIZE_FAILED'],
    ['resources: [.]', 'KUSTOMIZE_FAILED'],
  ])('runs and reads nothing of the machine: %s', async (text, code) => {
    const plugin = (functions: string): string =>
      `apiVersion: x.io/v1\nkind: P\nmetadata:\n  name: p\n  annotations:\n    config.kubernetes.io/function: |\n      ${functions}\n`;
    const refused = await refusal({
      'kustomization.yaml': 'resources: [app]\n',
      'app/kustomization.yaml': `${text}\n`,
      'app/exec.yaml': plugin(`exec: {path: ${root}/repo/app/run.sh}`),
      'app/container.yaml': plugin('container: {image: example.com/x}'),
      'app/run.sh': `#!/bin/sh\ntouch ${root}/ran\n`,
    });
    expect(refused.code).toBe(code);
    expect(existsSync(`${root}/ran`)).toBe(false);
  });
});
