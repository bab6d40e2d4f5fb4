import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { writeTree } from '../support/local-trees.js';
import { runInProcess } from '../support/terminal.js';

const URL = 'https://git.example.com/team/apps.git';
const TRACKING = 'argocd.argoproj.io/tracking-id';
const configMap = (name: string, more = ''): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}`;

let root: string;
beforeEach(() => (root = mkdtempSync(path.join(os.tmpdir(), 'fleetwright-manifests-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function print(files: Parameters<typeof writeTree>[1], more: object = {}) {
  writeTree(`${root}/repo`, files);
  const spec = { project: '', destination: { name: 'x', namespace: 'shop' }, source: { repoURL: URL, path: 'app' } };
  const application = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'web' } };
  writeFileSync(`${root}/application.json`, JSON.stringify({ ...application, spec: { ...spec, ...more } }));
  const flags = ['-f', `${root}/application.json`, '--git', `${URL}=${root}/repo`, '-o', 'json'];
  const { code, stdout, stderr } = await runInProcess(['render', ...flags]);
  return { code, stdout, stderr, objects: (JSON.parse(stdout) as { items: KubernetesObject[] }).items };
}

describe('what Argo CD adds to a manifest', () => {
  const metadataOf = async (text: string, more: object = {}) =>
    (await print({ 'app/a.yaml': text }, more)).objects[0]?.metadata;

  it('is no tracking annotation on a CustomResourceDefinition', async () => {
    const definition = 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.b.c}\n';
    expect(await metadataOf(definition)).toEqual({ name: 'a.b.c' });
  });

  it('replaces a tracking annotation that is there, and keeps the others', async () => {
    const written = configMap('a', `  labels: null\n  annotations: {${TRACKING}: "other:/X:y/z", note: "1"}\n`);
    expect(await metadataOf(written)).toEqual({
      name: 'a',
      namespace: 'shop',
      labels: null,
      annotations: { [TRACKING]: 'web:/ConfigMap:shop/a', note: '1' },
    });
  });

  it('names the namespace that is written, though a cluster-scoped object loses it', async () => {
    const role = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a, namespace: other}\n';
    expect(await metadataOf(role)).toEqual({
      name: 'a',
      annotations: { [TRACKING]: 'web:rbac.authorization.k8s.io/ClusterRole:other/a' },
    });
  });

  it('fills an empty namespace in, and none where the destination has none', async () => {
    const written = configMap('a', '  namespace: ""\n  annotations: null\n');
    expect(await metadataOf(written)).toMatchObject({ namespace: 'shop' });
    expect(await metadataOf(written, { destination: { name: 'x' } })).toEqual({
      name: 'a',
      annotations: { [TRACKING]: 'web:/ConfigMap:/a' },
    });
  });
});

describe('a manifest printed offline', () => {
  it('may be a hook that waits for its name; another that does so is warned about', async () => {
    const job = 'apiVersion: batch/v1\nkind: Job\nmetadata:\n  generateName: migrate-\n';
    const hook = `${job}  annotations: {argocd.argoproj.io/hook: PreSync}\n`;
    const { code, objects, stderr } = await print({ 'app/a.yaml': `${hook}---\n${hook}---\n${job}` });
    expect(code).toBe(0);
    expect(objects.map(({ metadata }) => metadata.annotations?.[TRACKING])).toEqual([
      'web:batch/Job:shop/',
      'web:batch/Job:shop/',
      'web:batch/Job:shop/',
    ]);
    expect(stderr.match(/warning/g)).toHaveLength(1);
  });

  it('keeps every digit of a whole number', async () => {
    const { stdout } = await print({
      'app/a.yaml': configMap('a', 'spec: {count: 9007199254740993}\n'),
      'app/b.json': '{"apiVersion":"v1","kind":"X","metadata":{"name":"b"},"n":-9223372036854775808}',
    });
    expect(stdout).toContain('{"count":9007199254740993}');
    expect(stdout).toContain('"n":-9223372036854775808');
  });

  it('is kept with a warning where only a cluster would refuse it', async () => {
    const kustomization = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n';
    const { code, objects, stderr } = await print(
      {
        'app/a.yaml': configMap('a', '  labels: {version: 1.0}\n'),
        'app/kustomization.yaml': kustomization,
      },
      { source: { repoURL: URL, path: 'app', directory: { exclude: 'none' } } },
    );
    expect(code).toBe(0);
    expect(objects.map(({ metadata }) => metadata)).toMatchObject([{ labels: { version: 1 } }, { namespace: 'shop' }]);
    expect(stderr.match(/warning/g)).toHaveLength(2);
  });

  it('is the last of those that are one once the default namespace is filled in', async () => {
    const [bare, placed] = [
      configMap('a', 'data: {v: bare}\n'),
      configMap('a', '  namespace: shop\ndata: {v: placed}\n'),
    ];
    const last = await print({ 'app/a.yaml': bare, 'app/b.yaml': placed });
    expect(last.objects).toMatchObject([{ data: { v: 'placed' } }]);
    expect(last.stderr).toContain('more than once');
    const turned = await print({ 'app/a.yaml': placed, 'app/b.yaml': bare });
    expect(turned.objects).toMatchObject([{ metadata: { namespace: 'shop' }, data: { v: 'bare' } }]);
  });
});

describe('a file of manifests', () => {
  const utf16 = (text: string): Buffer => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);

  it.each([
    ['with a byte order mark', `\ufeff${configMap('a')}`],
    ['in UTF-16 with one', utf16(configMap('a'))],
    ['with line ends of Windows', configMap('a').replaceAll('\n', '\r\n')],
    ['with a key given twice', `${configMap('a')}data: {}\ndata: {x: "1"}\n`],
    [
      'with bytes that are no characters',
      Buffer.concat([Buffer.from(configMap('a')), Buffer.from('#\xe9\n', 'latin1')]),
    ],
  ])('is read %s', async (_name, content) => {
    const { code, objects } = await print({ 'app/a.yaml': content });
    expect({ code, names: objects.map(({ metadata }) => metadata.name) }).toEqual({ code: 0, names: ['a'] });
  });

  it.each([
    ['several objects in a .json file', 'app/b.json', '{"kind":"A"}{"kind":"B"}', 'YAML_SYNTAX'],
    ['an object of no kind behind a manifest', 'app/b.yaml', `${configMap('b')}---\na: 1\n`, 'MANIFEST_INVALID'],
    ['an object of no kind before a manifest', 'app/b.yaml', `a: 1\n---\n${configMap('b')}`, 'MANIFEST_INVALID'],
    ['an annotation that is no text', 'app/b.yaml', configMap('b', '  annotations: {n: 1}\n'), 'MANIFEST_INVALID'],
  ])('is refused with %s', async (_name, file, content, code) => {
    const { stderr } = await print({ [file]: content });
    expect(stderr).toContain(`(${code})`);
  });

  it('is left out with a warning where it holds something else or is a link to nothing', async () => {
    const { code, objects, stderr } = await print({
      'app/a.yaml': configMap('a'),
      'app/values.yaml': 'a: 1\n---\nb: 2\n',
      'app/list.yaml': '- a\n',
      'app/gone.yaml': { link: 'nowhere.yaml' },
    });
    expect({ code, count: objects.length }).toEqual({ code: 0, count: 1 });
    expect(stderr.match(/left out/g)).toHaveLength(3);
  });
});
