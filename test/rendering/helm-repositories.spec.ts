import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { parseYamlDocuments } from '../../src/kubernetes/yaml.js';
import type { SourceRequest } from '../../src/rendering/domain/render-request.js';
import { ChartServer } from '../support/chart-server.js';
import { fileOf, packChart, rawArchive, runHelm, type PackedChart } from '../support/charts.js';
import { HAS_HELM } from '../support/helm.js';
import { OciServer } from '../support/oci-server.js';
import { RenderingFixture } from '../support/rendering.js';

let old: PackedChart;
let next: PackedChart;
let library: PackedChart;
let server: ChartServer;
let fixture: RenderingFixture;

beforeAll(async () => {
  if (!HAS_HELM) return;
  old = await packChart('web', '1.0.0');
  next = await packChart('web', '1.1.0');
  library = await packChart('lib', '2.0.0');
});

beforeEach(async () => {
  server = (await ChartServer.start()).serve([next, old, library]);
  fixture = await RenderingFixture.start();
});

afterEach(async () => {
  await fixture.close();
  await server.close();
});

const chart = (revision: string, more: Partial<SourceRequest> = {}): SourceRequest => ({
  repoURL: server.url,
  chart: 'web',
  revision,
  path: '',
  ...more,
});

async function objectsOf(...sources: readonly SourceRequest[]): Promise<KubernetesObject[]> {
  const { digest } = await fixture.renderAll(sources);
  return (await fixture.bundle(digest)).objects;
}

const nameAndVersion = ({ metadata, data }: KubernetesObject): string =>
  `${metadata.name} ${(data as { version: string }).version}`;

const dataOf = ({ data }: KubernetesObject): unknown => data;

describe.skipIf(!HAS_HELM)('a source that is a chart', () => {
  it('renders what helm template prints of it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'helm-'));
    await writeFile(join(folder, fileOf(old)), old.archive);
    const args = ['template', 'web', join(folder, fileOf(old)), '--namespace', 'shop', '--set', 'color=red'];
    const printed = parseYamlDocuments(await runHelm(args, folder));
    await rm(folder, { recursive: true });
    const parameters = [{ name: 'color', value: 'red' }];
    expect(await objectsOf(chart('1.0.0', { helm: { parameters } }))).toEqual(printed);
  });

  it('tells the version that its range gave, and is rendered once for equal content', async () => {
    const { revisions, sourceTypes, digest } = await fixture.renderAll([chart('^1.0')]);
    expect({ revisions, sourceTypes }).toEqual({ revisions: ['1.1.0'], sourceTypes: ['Helm'] });
    expect((await fixture.renderAll([chart('1.1.0')])).digest).toBe(digest);
    expect(fixture.store.saves).toBe(1);
  });

  it('takes value files out of a Git repository', async () => {
    await fixture.repository.commit({ 'envs/prod.yaml': 'color: blue\n' });
    const values = fixture.sourceAt('', { ref: 'values' });
    const source = chart('1.x', { helm: { valueFiles: ['$values/envs/prod.yaml'] } });
    expect((await objectsOf(source, values)).map(dataOf)).toEqual([{ version: '1.1.0', color: 'blue' }]);
  });

  it('fails by name where there is none, and the reason is a value', async () => {
    expect(await fixture.tryRenderAll([chart('7.x')])).toMatchObject({ error: { code: 'CHART_VERSION_NOT_FOUND' } });
    server.instead = { status: 503 };
    expect(await fixture.tryRenderAll([chart('7.0.0')])).toMatchObject({ error: { code: 'CHART_UNREACHABLE' } });
    const oci = { repoURL: 'oci://registry.example.com/app', revision: '1', path: '.' };
    expect(await fixture.tryRenderAll([oci])).toMatchObject({ error: { code: 'CHART_REFUSED' } });
  });
});

describe.skipIf(!HAS_HELM)('a chart that depends on others', () => {
  const needs = (version: string, repository = server.url): string =>
    `apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n- {name: web, version: "${version}", repository: "${repository}"}\n- {name: lib, version: "2", repository: "${repository}"}\n`;

  it('gets them from their repository, by range or as its lock has chosen', async () => {
    await fixture.repository.commit({ 'app/Chart.yaml': needs('1.x') });
    const versions = async () =>
      (await objectsOf(fixture.sourceAt('app'))).map(({ data }) => (data as { version: string }).version);
    expect((await versions()).sort()).toEqual(['1.1.0', '2.0.0']);
    const lock = `dependencies:\n- {name: web, version: 1.0.0, repository: "${server.url}"}\n- {name: lib, version: 2.0.0, repository: "${server.url}"}\n`;
    await fixture.repository.commit({ 'app/Chart.lock': lock });
    expect((await versions()).sort()).toEqual(['1.0.0', '2.0.0']);
  });

  it('prints what helm prints after a dependency build', async () => {
    await fixture.repository.commit({ 'app/Chart.yaml': needs('1.x') });
    const home = await mkdtemp(join(tmpdir(), 'helm-'));
    const path = join(fixture.repository.work, 'app');
    await runHelm(['dependency', 'update', path], home);
    const printed = parseYamlDocuments(await runHelm(['template', 'web', path, '--namespace', 'shop'], home));
    await rm(home, { recursive: true });
    const objects = await objectsOf(fixture.sourceAt('app'));
    expect(objects).toHaveLength(2);
    expect(objects).toEqual(expect.arrayContaining(printed));
  });

  it('may have one of them under several aliases, in one version or in several', async () => {
    const entries = [
      `{name: lib, alias: a, version: 2.x, repository: "${server.url}"}`,
      `{name: lib, alias: b, version: 2.x, repository: "${server.url}"}`,
      `{name: web, alias: c, version: 1.0.0, repository: "${server.url}"}`,
      `{name: web, alias: d, version: ~1.1, repository: "${server.url}"}`,
    ];
    const metadata = `apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n${entries.map((each) => `- ${each}\n`).join('')}`;
    await fixture.repository.commit({ 'app/Chart.yaml': metadata });
    const objects = async () => (await objectsOf(fixture.sourceAt('app'))).map(nameAndVersion).sort();
    expect(await objects()).toEqual(['web-a 2.0.0', 'web-b 2.0.0', 'web-c 1.0.0', 'web-d 1.1.0']);
    const home = await mkdtemp(join(tmpdir(), 'helm-'));
    await runHelm(['dependency', 'update', join(fixture.repository.work, 'app')], home);
    const lock = await readFile(join(fixture.repository.work, 'app/Chart.lock'), 'utf8');
    await rm(home, { recursive: true });
    await rm(join(fixture.repository.work, 'app/charts'), { recursive: true });
    await fixture.repository.commit({ 'app/Chart.lock': lock });
    expect(await objects()).toEqual(['web-a 2.0.0', 'web-b 2.0.0', 'web-c 1.0.0', 'web-d 1.1.0']);
  });

  it('gets them from a registry', async () => {
    const registry = await OciServer.start();
    const home = await mkdtemp(join(tmpdir(), 'helm-'));
    for (const each of [old, library]) {
      await writeFile(join(home, fileOf(each)), each.archive);
      await runHelm(['push', join(home, fileOf(each)), `oci://${registry.host}/charts`, '--plain-http'], home);
    }
    await rm(home, { recursive: true });
    fixture.charts.accesses.given.set(`oci://${registry.host}`, { plainHttp: true });
    const lib = needs('~1.0', `oci://${registry.host}/charts`).replace('"2"', '2.0.0');
    await fixture.repository.commit({ 'app/Chart.yaml': lib });
    expect((await objectsOf(fixture.sourceAt('app'))).map(dataOf)).toHaveLength(2);
    await registry.close();
  });

  it('is a chart of a repository itself', async () => {
    const archive = rawArchive([{ path: 'app/Chart.yaml', content: needs('1.0.0') }]);
    server.serve([{ name: 'app', version: '1.0.0', archive }, next, old, library]);
    expect(await objectsOf(chart('1.0.0', { chart: 'app' }))).toHaveLength(2);
  });
});
