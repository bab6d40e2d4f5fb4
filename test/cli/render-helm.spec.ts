import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { manifestStream } from '../../src/kubernetes/manifest-stream.js';
import { HAS_HELM } from '../support/helm.js';
import { writeTree } from '../support/local-trees.js';
import { testTools } from '../support/rendering.js';
import { runInProcess } from '../support/terminal.js';

const URL = 'https://git.example.com/team/apps.git';
const configMap = (name: string, data: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n${data}`;
const subchart = (name: string, more = ''): Record<string, string> => ({
  [`chart/charts/${name}/Chart.yaml`]: `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n${more}`,
  [`chart/charts/${name}/values.yaml`]: 'color: red\n',
  [`chart/charts/${name}/templates/a.yaml`]: configMap(
    `{{ .Chart.Name }}`,
    '  c: "{{ .Values.color }} {{ .Values.global.x }}"\n',
  ),
});

/** As much of what charts do as fits into one. */
const CHART: Record<string, string> = {
  'chart/Chart.yaml': `apiVersion: v2
name: web
version: 1.0.0
dependencies:
- {name: plain, version: 1.0.0}
- {name: plain, version: 1.0.0, alias: second}
- {name: extra, version: 1.0.0, condition: extra.enabled}
- {name: tagged, version: 1.0.0, tags: [more]}
- {name: library, version: 1.0.0}
`,
  'chart/values.yaml':
    'global: {x: g}\nextra: {enabled: false}\ntags: {more: false}\nsecond: {color: blue}\nlist: [a]\nbig: 123456789\n',
  'chart/.helmignore': 'files/ignored.txt\n*.bak\n',
  'chart/files/a.txt': 'hello\nworld\n',
  'chart/files/ignored.txt': 'no',
  'chart/templates/NOTES.txt': 'notes',
  'chart/templates/_helpers.tpl': '{{- define "web.name" -}}{{ .Release.Name }}-x{{- end }}',
  'chart/templates/x.yaml.bak': 'broken: [',
  'chart/templates/all.yaml': configMap(
    '{{ include "web.name" . }}',
    `  values: {{ toJson .Values | quote }}
  files: {{ (.Files.Glob "files/*").AsConfig | quote }}
  tpl: {{ tpl "{{ .Release.Namespace }}" . | quote }}
  lookup: {{ lookup "v1" "Secret" "a" "b" | toJson | quote }}
  host: {{ getHostByName "localhost" | quote }}
  library: {{ include "library.word" . | quote }}
  release: "{{ .Release.IsInstall }} {{ .Release.Revision }} {{ .Release.Service }}"
  kube: "{{ .Capabilities.KubeVersion.Version }} {{ .Capabilities.APIVersions.Has "apps/v1/Deployment" }}"
  big: "{{ .Values.big }}"
`,
  ),
  'chart/templates/hooks.yaml': ['test', 'pre-install,post-upgrade', 'crd-install', 'pre-rollback']
    .map((hook, index) =>
      configMap(`hook-${index}`, '  a: b\n').replace('\ndata:', `\n  annotations: {helm.sh/hook: "${hook}"}\ndata:`),
    )
    .join('---\n'),
  'chart/templates/list.yaml':
    'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: of-list}}\n',
  'chart/templates/empty.yaml': '# nothing\n---\n{{- if false }}\nkind: X\n{{- end }}\n',
  'chart/templates/twice.yaml': configMap('twice', '  a: "1"\n  a: "2"\n'),
  'chart/crds/crd.yaml':
    'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.b.c}\n',
  ...subchart('plain'),
  ...subchart('extra'),
  ...subchart('tagged'),
  'chart/charts/library/Chart.yaml': 'apiVersion: v2\nname: library\nversion: 1.0.0\ntype: library\n',
  'chart/charts/library/templates/_a.tpl': '{{- define "library.word" -}}word{{- end }}',
};

let root: string;
beforeEach(() => (root = mkdtempSync(path.join(os.tmpdir(), 'fleetwright-helm-cli-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function run(files: Record<string, string>, helm: object, flags: string[] = []) {
  writeTree(`${root}/repo`, files);
  const source = { repoURL: URL, path: 'chart', targetRevision: 'v1', helm };
  const spec = { project: 'p', destination: { name: 'x', namespace: 'shop' }, source };
  const document = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'web' }, spec };
  writeFileSync(`${root}/application.json`, JSON.stringify(document));
  const words = ['render', '-f', `${root}/application.json`, '--git', `${URL}=${root}/repo`, '-o', 'json', '--raw'];
  const { code, stdout, stderr } = await runInProcess([...words, ...flags]);
  return { code, stderr, objects: (JSON.parse(stdout) as { items: KubernetesObject[] }).items };
}

/** What Helm itself prints, Lists taken apart. */
async function printedByHelm(words: string[]): Promise<unknown[]> {
  const helm = await testTools.helm();
  if (!helm.ok) throw new Error(helm.error.message);
  const args = ['template', `${root}/repo/chart`, '--name-template', 'web', '--namespace', 'shop', ...words];
  const { stdout } = await promisify(execFile)(helm.value, args, { env: { HOME: root } });
  const documents = [...manifestStream(stdout, 1 << 24)] as { kind: string; items?: unknown[] }[];
  return documents.flatMap((document) => (document.kind === 'List' ? (document.items ?? []) : [document]));
}

describe.skipIf(!HAS_HELM)('a chart', () => {
  const kube = ['--kube-version', '1.36.0'];

  it.each([
    ['as it is', {}, ['--include-crds']],
    ['without definitions and tests', { skipCrds: true, skipTests: true }, ['--skip-tests']],
    [
      'with subcharts switched',
      { values: 'extra: {enabled: true}\ntags: {more: true}\nglobal: {x: y z}\n' },
      ['--include-crds', '--set', 'extra.enabled=true', '--set', 'tags.more=true', '--set', 'global.x=y z'],
    ],
    [
      'with parameters',
      {
        parameters: [
          { name: 'list[1]', value: 'b' },
          { name: 'deep.er', value: 'null' },
          { name: 'big', value: '5', forceString: true },
          { name: 'global.x', value: 'a,b' },
          { name: 'l', value: '{1,2}' },
          { name: 'a\\.b', value: 'c=d' },
        ],
      },
      [
        '--include-crds',
        '--set',
        'list[1]=b',
        '--set',
        'deep.er=null',
        '--set-string',
        'big=5',
        '--set',
        'global.x=a\\,b',
        '--set',
        'l={1,2}',
        '--set',
        'a\\.b=c=d',
      ],
    ],
    [
      'for another version',
      { kubeVersion: '1.30', apiVersions: ['x.io/v1'] },
      ['--include-crds', '--kube-version', '1.30', '--api-versions', 'x.io/v1'],
    ],
    [
      'under another name',
      { releaseName: 'front', namespace: 'n2' },
      ['--include-crds', '--name-template', 'front', '--namespace', 'n2'],
    ],
  ])('prints what helm template prints: %s', async (_name, helm, words) => {
    const { code, stderr, objects } = await run(CHART, helm);
    expect({ code, stderr: stderr.replace(/warning: .*\n/g, '') }).toEqual({ code: 0, stderr: '' });
    const printed = await printedByHelm([...kube, ...words]);
    expect(objects).toEqual(printed);
    expect(objects.length).toBeGreaterThan(6);
  });

  it('of the first kind takes its dependencies from requirements.yaml', async () => {
    const files = {
      'chart/Chart.yaml': 'apiVersion: v1\nname: old\nname: web\nversion: 1.0.0\n',
      'chart/requirements.yaml':
        'dependencies:\n- {name: beside, version: 1.x.x, repository: "file://../beside", alias: other}\n',
      'chart/values.yaml': 'other: {color: green}\nglobal: {}\n',
      'beside/Chart.yaml': 'apiVersion: v1\nname: beside\nversion: 1.2.0\n',
      'beside/templates/a.yaml': configMap('beside', '  c: "{{ .Values.color }}"\n'),
    };
    expect((await run(files, {})).objects).toMatchObject([{ data: { c: 'green' } }]);
  });

  it.each([
    ['values that are no YAML', { values: 'a: [' }],
    ['values that are no object', { values: '- a\n' }],
    ['a parameter that cannot be set', { parameters: [{ name: 'list[x]', value: 'a' }] }],
    ['a name that is too long', { releaseName: 'x'.repeat(54) }],
    ['a Kubernetes version that is none', { kubeVersion: 'new' }],
  ])('is refused with %s', async (_name, helm) => {
    const { code, stderr } = await run(CHART, helm);
    expect(code).toBe(1);
    expect(stderr).toContain('(HELM_FAILED)');
  });

  it.each(['1.30', 'v1.30.2', '1.30+', 'v1.30.2+k3s1', 'v1.30.2-gke.100'])(
    'takes the version %s as the cluster tells it',
    async (version) => {
      const text = configMap('a', '  minor: "{{ .Capabilities.KubeVersion.Minor }}"\n');
      const files = { 'chart/Chart.yaml': 'apiVersion: v2\nname: a\nversion: 1.0.0\n', 'chart/templates/a.yaml': text };
      const { objects } = await run(files, { kubeVersion: version });
      expect(objects).toMatchObject([{ data: { minor: '30' } }]);
    },
  );
});
