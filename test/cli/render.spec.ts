import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { parseYamlDocuments } from '../../src/kubernetes/yaml.js';
import { HAS_HELM } from '../support/helm.js';
import { writeBareRepository, writeTree } from '../support/local-trees.js';
import { runInProcess } from '../support/terminal.js';

const URL = 'https://git.example.com/team/apps.git';
const configMap = (name: string, more = ''): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}`;

let root: string;
beforeEach(() => (root = mkdtempSync(path.join(os.tmpdir(), 'fleetwright-render-cli-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const application = (name: string, source: object, more: object = {}) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name },
  spec: {
    project: 'default',
    destination: { name: 'nowhere', namespace: 'shop' },
    source: { repoURL: URL, targetRevision: 'v1', ...source },
    ...more,
  },
});

async function run(documents: object[], ...flags: string[]) {
  const file = path.join(root, 'applications.json');
  writeFileSync(file, documents.map((document) => JSON.stringify(document)).join('\n'));
  return runInProcess(['render', '-f', file, '--git', `${URL}=${root}/repo`, ...flags]);
}

/** What is printed with `-o json`. */
async function objectsOf(documents: object[], ...flags: string[]): Promise<KubernetesObject[]> {
  const { code, stdout, stderr } = await run(documents, '-o', 'json', ...flags);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const list = JSON.parse(stdout) as { apiVersion: string; kind: string; items: KubernetesObject[] };
  expect(list).toMatchObject({ apiVersion: 'v1', kind: 'List' });
  return list.items;
}

describe('rendering offline', () => {
  it('prints what an Application would send: default namespace, tracking annotation, nothing of a hub', async () => {
    writeTree(`${root}/repo`, {
      'app/a.yaml': `${configMap('a')}---\n${configMap('b', '  namespace: other\n')}`,
      'app/n.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n',
      'app/x.yaml': 'apiVersion: example.com/v1\nkind: Unknown\nmetadata: {name: x}\n',
    });
    const [namespace, b, a, unknown] = await objectsOf([application('web', { path: 'app' })]);
    const tracked = (id: string) => ({ 'argocd.argoproj.io/tracking-id': id });
    expect(namespace?.metadata).toEqual({ name: 'shop', annotations: tracked('web:/Namespace:shop/shop') });
    expect(a?.metadata).toEqual({ name: 'a', namespace: 'shop', annotations: tracked('web:/ConfigMap:shop/a') });
    expect(b?.metadata).toMatchObject({ namespace: 'other', annotations: tracked('web:/ConfigMap:other/b') });
    expect(unknown?.metadata).toMatchObject({ namespace: 'shop' });
  });

  it('tells Applications of other namespaces apart in the tracking annotation', async () => {
    writeTree(`${root}/repo`, { 'app/a.yaml': configMap('a') });
    const document = application('web', { path: 'app' });
    const [object] = await objectsOf([{ ...document, metadata: { name: 'web', namespace: 'team' } }]);
    expect(object?.metadata.annotations).toEqual({
      'argocd.argoproj.io/tracking-id': 'team_web:/ConfigMap:shop/a',
    });
  });

  it('prints in the order of a sync: phases, then waves, then kinds', async () => {
    const annotated = (name: string, key: string, value: string): string =>
      configMap(name, `  annotations: {argocd.argoproj.io/${key}: "${value}"}\n`);
    writeTree(`${root}/repo`, {
      'app/a.yaml': annotated('last', 'sync-wave', '5'),
      'app/b.yaml': annotated('first', 'sync-wave', '-1'),
      'app/c.yaml': annotated('before', 'hook', 'PreSync'),
      'app/d.yaml': annotated('after', 'hook', 'PostSync'),
      'app/e.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: middle}\n',
      'app/f.yaml': configMap('early'),
      'app/g.yaml': annotated('never', 'hook', 'Skip'),
    });
    const names = (await objectsOf([application('web', { path: 'app' })])).map(({ metadata }) => metadata.name);
    expect(names).toEqual(['before', 'first', 'early', 'middle', 'last', 'after', 'never']);
  });

  it('prints YAML unless told otherwise, and with --raw what the tool printed', async () => {
    writeTree(`${root}/repo`, { 'app/a.yaml': `${configMap('z')}---\n${configMap('a')}` });
    const { stdout } = await run([application('web', { path: 'app' })], '--raw');
    const printed = parseYamlDocuments(stdout) as KubernetesObject[];
    expect(printed.map(({ metadata }) => metadata)).toEqual([{ name: 'z' }, { name: 'a' }]);
  });

  it('masks the values of Secrets, in lists and raw as well, and warns of them', async () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { k: 'aHVudGVyMg==' } };
    const list = { apiVersion: 'v1', kind: 'List', items: [{ ...secret, stringData: { t: 'hunter2' } }] };
    writeTree(`${root}/repo`, { 'app/s.json': JSON.stringify(list) });
    for (const flags of [[], ['--raw']]) {
      const { code, stdout, stderr } = await run([application('web', { path: 'app' })], '-o', 'json', ...flags);
      const masked = { data: { k: '++++++++' }, stringData: { t: '++++++++' } };
      expect(JSON.parse(stdout)).toMatchObject({ items: [masked] });
      expect({ code, warnings: stderr.match(/SECRET_IN_SOURCE/g) }).toEqual({
        code: 0,
        warnings: ['SECRET_IN_SOURCE'],
      });
    }
  });

  it('goes on past an Application that cannot be rendered, and says why', async () => {
    writeTree(`${root}/repo`, { 'app/a.yaml': configMap('a') });
    const documents = [
      application('gone', { path: 'gone' }),
      application('elsewhere', { path: 'app', repoURL: 'https://git.example.com/other.git' }),
      application('empty', {}),
      { kind: 'Other' },
      application('web', { path: 'app' }),
    ];
    const { code, stdout, stderr } = await run(documents, '-o', 'json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ items: [{ metadata: { name: 'a' } }] });
    expect(stderr).toMatch(/error: Application gone: .*\(PATH_NOT_FOUND\)/);
    expect(stderr).toMatch(/error: Application elsewhere: .*--git.*\(GIT_NOT_GIVEN\)/);
    expect(stderr).toMatch(/error: .*Application empty\): spec.source: path or chart is required/);
    expect(stderr).toMatch(/warning: .*document 4 is no Application/);
  });

  it.each([
    [[], 'no input'],
    [['-f', '-', '-o', 'table'], 'not a format'],
    [['-f', '-', '--kube-version', 'new'], 'not a version'],
  ])('refuses %j', async (flags, complaint) => {
    const { code, stderr } = await runInProcess(['render', ...flags]);
    expect(code).toBe(2);
    expect(stderr).toContain(complaint);
  });
});

describe.skipIf(!HAS_HELM)('rendering charts offline', () => {
  const CHART = {
    'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    'chart/templates/a.yaml': configMap(
      '{{ .Release.Name }}',
      'data:\n  at: "{{ .Release.Namespace }} {{ .Values.color }} {{ .Capabilities.KubeVersion.Version }} {{ .Capabilities.APIVersions.Has "example.com/v1" }}"\n',
    ),
  };

  it('releases them under the name of the Application, for the cluster that is described', async () => {
    writeTree(`${root}/repo`, CHART);
    const helm = { values: 'color: red' };
    const [plain] = await objectsOf([application('web', { path: 'chart', helm })]);
    expect(plain).toMatchObject({ metadata: { name: 'web' }, data: { at: 'shop red v1.36.0 false' } });
    const flags = ['--kube-version', '1.31.2', '--api-versions', 'example.com/v1'];
    const [described] = await objectsOf([application('web', { path: 'chart', helm })], ...flags);
    expect(described).toMatchObject({ data: { at: 'shop red v1.31.2 true' } });
  });

  it('reads a bare repository, and files of another one by its ref', async () => {
    await writeBareRepository(`${root}/repo`, CHART);
    writeTree(`${root}/values`, { 'prod.yaml': 'color: blue\n' });
    const values = 'https://git.example.com/team/values.git';
    const sources = [
      { repoURL: URL, path: 'chart', targetRevision: 'v1', helm: { valueFiles: ['$other/prod.yaml'] } },
      { repoURL: values, targetRevision: 'v1', ref: 'other' },
    ];
    const [object] = await objectsOf([application('web', {}, { sources })], '--git', `${values}=${root}/values`);
    expect(object).toMatchObject({ data: { at: expect.stringContaining('blue') } });
  });
});
