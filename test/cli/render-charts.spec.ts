import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { fileOf, indexOf, packChart, rawArchive, type PackedChart } from '../support/charts.js';
import { HAS_HELM } from '../support/helm.js';
import { writeTree } from '../support/local-trees.js';
import { scratchFolder } from '../support/scratch-folder.js';
import { runInProcess } from '../support/terminal.js';

const URL = 'https://charts.example.com/stable';
const scratch = scratchFolder();

let old: PackedChart;
let next: PackedChart;

beforeAll(async () => {
  if (!HAS_HELM) return;
  old = await packChart('web', '1.0.0');
  next = await packChart('web', '1.1.0');
});

/** A folder that stands for the repository. */
function given(files: Readonly<Record<string, string | Buffer>>): string {
  writeTree(join(scratch.path, 'charts'), files);
  return join(scratch.path, 'charts');
}

const archives = () => ({ [fileOf(old)]: old.archive, [fileOf(next)]: next.archive });

async function render(source: object, ...flags: string[]) {
  const file = join(scratch.path, 'application.json');
  const spec = {
    project: 'default',
    destination: { name: 'prod', namespace: 'shop' },
    source: { repoURL: URL, chart: 'web', ...source },
  };
  const document = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'web' }, spec };
  writeFileSync(file, JSON.stringify(document));
  return runInProcess(['render', '-f', file, '-o', 'json', ...flags]);
}

/** The version that the chart's ConfigMap tells, or what is said on stderr. */
async function versionOf(source: object, ...flags: string[]): Promise<string> {
  const { stdout, stderr } = await render(source, ...flags);
  const [object] = (JSON.parse(stdout) as { items: KubernetesObject[] }).items;
  return object === undefined ? stderr : String((object['data'] as Record<string, string>)['version']);
}

describe.skipIf(!HAS_HELM)('a Helm repository on the command line', () => {
  it('is a folder with an index', async () => {
    const folder = given({
      'index.yaml': indexOf([next, old], ({ version }) => `${URL}/web-${version}.tgz`),
      ...archives(),
    });
    const git = ['--git', `${URL}=${folder}`];
    expect(await versionOf({ targetRevision: '1.0.0' }, ...git)).toBe('1.0.0');
    expect(await versionOf({ targetRevision: '1.x' }, ...git)).toBe('1.1.0');
    expect(await versionOf({ targetRevision: '2.x' }, ...git)).toContain('CHART_VERSION_NOT_FOUND');
  });

  it('is a folder of archives', async () => {
    const git = ['--git', `${URL}=${given(archives())}`];
    expect(await versionOf({ targetRevision: '~1.0' }, ...git)).toBe('1.0.0');
    expect(await versionOf({ targetRevision: '*' }, ...git)).toBe('1.1.0');
  });

  it('is a folder of charts, each for every version', async () => {
    const template = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {version: "{{ .Chart.Version }}"}\n';
    const metadata = 'apiVersion: v2\nname: web\nversion: 7.0.0\n';
    const folder = given({ 'web/Chart.yaml': metadata, 'web/templates/a.yaml': template });
    expect(await versionOf({ targetRevision: '1.x' }, '--git', `${URL}=${folder}`)).toBe('7.0.0');
    expect(await versionOf({ targetRevision: '1.x' }, '--git', `${URL}=${join(folder, 'web')}`)).toBe('7.0.0');
  });

  it('may be a registry, named with oci:// or without', async () => {
    const folder = given(archives());
    const bare = { repoURL: 'registry.example.com/team', targetRevision: '1.0.0' };
    expect(await versionOf(bare, '--git', `oci://registry.example.com/team=${folder}`)).toBe('1.0.0');
    const full = { repoURL: 'oci://registry.example.com/team', targetRevision: '1.0.0' };
    expect(await versionOf(full, '--git', `registry.example.com/team=${folder}`)).toBe('1.0.0');
  });

  it('gives the charts that a chart depends on', async () => {
    const needs = `apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n- {name: web, version: 1.x, repository: "${URL}"}\n`;
    const folder = given({ ...archives(), 'app/Chart.yaml': needs });
    expect(await versionOf({ chart: 'app', targetRevision: '1.0.0' }, '--git', `${URL}=${folder}`)).toBe('1.1.0');
  });

  it('that is not given is an error that says how to give it', async () => {
    const { code, stderr } = await render({ targetRevision: '1.0.0' });
    expect(code).toBe(1);
    expect(stderr).toContain(`--git ${URL}=PATH`);
    expect(stderr).toContain('GIT_NOT_GIVEN');
  });

  it('is read no further than its folder', async () => {
    const evil = rawArchive([{ path: 'web/Chart.yaml' }, { path: 'web/link', type: '2', target: '/etc/passwd' }]);
    const folder = given({ 'web-1.0.0.tgz': evil });
    expect(await versionOf({ targetRevision: '1.0.0' }, '--git', `${URL}=${folder}`)).toContain('PATH_ESCAPE');
  });

  it('does not reach archives beside its folder', async () => {
    writeTree(scratch.path, { 'outside.tgz': old.archive });
    const folder = given({ 'index.yaml': indexOf([old], () => '../outside.tgz') });
    const git = ['--git', `${URL}=${folder}`];
    expect(await versionOf({ targetRevision: '1.0.0' }, ...git)).toContain('CHART_VERSION_NOT_FOUND');
    expect(await versionOf({ targetRevision: '1.0.0', chart: '../web' }, ...git)).toContain('CHART_VERSION_NOT_FOUND');
  });
});
