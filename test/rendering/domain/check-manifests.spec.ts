import { describe, expect, it } from 'vitest';
import { checkManifests, holdsSecrets, MANIFEST_LIMITS } from '../../../src/rendering/domain/check-manifests.js';

const configMap = (name: string, more: object = {}): Record<string, unknown> => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  ...more,
});
const check = (...values: unknown[]): ReturnType<typeof checkManifests> =>
  checkManifests(values.map((value, index) => ({ origin: `f${index}`, value })));

describe('manifests', () => {
  it('come out in one order, whatever order they were printed in', () => {
    const [a, b] = [check(configMap('a'), configMap('b')), check(configMap('b'), configMap('a'))];
    expect(a).toEqual(b);
  });

  it('are unfolded from lists; an object that only looks like one is kept', () => {
    const list = { apiVersion: 'v1', kind: 'ConfigMapList', items: [configMap('a')] };
    const playlist = { apiVersion: 'x.io/v1', kind: 'PlayList', metadata: { name: 'p' }, items: null, spec: {} };
    const anything = { apiVersion: 'x.io/v1', kind: 'Bag', metadata: { name: 'b' }, items: [configMap('c')] };
    expect(check(list, playlist, anything, { kind: 'List', items: null })).toMatchObject({
      ok: true,
      value: { objects: [{ metadata: { name: 'a' } }, { metadata: { name: 'c' } }, { kind: 'PlayList' }] },
    });
  });

  it('may share a name in different namespaces or groups', () => {
    const other = configMap('a', { metadata: { name: 'a', namespace: 'x' } });
    const group = configMap('a', { apiVersion: 'x.io/v1' });
    expect(check(configMap('a'), other, group)).toMatchObject({ value: { objects: { length: 3 }, warnings: [] } });
  });

  it.each([
    ['text', 'hello', 'a manifest must be an object'],
    ['a list', [configMap('a')], 'a manifest must be an object'],
    ['no kind', { apiVersion: 'v1', metadata: { name: 'a' } }, 'kind must be text, it is missing'],
    ['a number for a kind', configMap('a', { kind: 3 }), 'kind must be text, it is 3'],
    ['a slash in a kind', configMap('a', { kind: 'A/B' }), 'is no kind'],
    ['an apiVersion of three parts', configMap('a', { apiVersion: 'a/b/c' }), 'is no apiVersion'],
    ['text for metadata', { apiVersion: 'v1', kind: 'X', metadata: 'a' }, 'metadata must be an object'],
    ['no metadata', { apiVersion: 'v1', kind: 'X', metadata: null }, 'metadata.name must be a name'],
    ['no name', configMap('a', { metadata: {} }), 'metadata.name must be a name, it is missing'],
    ['a name with a slash', configMap('a/b'), 'metadata.name must be a name'],
    ['a name of dots', configMap('..'), 'metadata.name must be a name'],
    ['a generated name', configMap('a', { metadata: { generateName: 'a-' } }), 'metadata.generateName'],
    ['a number for a namespace', configMap('a', { metadata: { name: 'a', namespace: 1 } }), 'metadata.namespace'],
    ['a number in a label', configMap('a', { metadata: { name: 'a', labels: { v: 1 } } }), 'metadata.labels["v"]'],
    ['a list of annotations', configMap('a', { metadata: { name: 'a', annotations: [] } }), 'metadata.annotations'],
    ['a stranger in a list', { kind: 'List', items: [3] }, 'f0 items[0]'],
  ])('are refused with %s, saying where and what', (_name, value, message) => {
    const error = { code: 'MANIFEST_INVALID', message: expect.stringContaining(message) };
    expect(check(value)).toMatchObject({ ok: false, error });
  });

  it('keep the order of their sources where only the namespace tells them apart', () => {
    const placed = configMap('a', { metadata: { name: 'a', namespace: 'shop' } });
    for (const order of [
      [configMap('a'), placed],
      [placed, configMap('a')],
      [configMap('a'), placed, configMap('a')].slice(1),
    ]) {
      expect(check(...order)).toMatchObject({ value: { objects: order, warnings: [] } });
    }
    expect(check(configMap('a'), placed, configMap('a'))).toMatchObject({
      value: { objects: [placed, configMap('a')] },
    });
  });

  it('may wait for a name where they are hooks, and each of them counts', () => {
    const hook = (type: string) =>
      configMap('', { metadata: { generateName: 'a-', annotations: { [`${type}/hook`]: 'x' } } });
    for (const type of ['argocd.argoproj.io', 'helm.sh']) {
      expect(check(hook(type), hook(type))).toMatchObject({ value: { objects: { length: 2 }, warnings: [] } });
    }
  });

  it.each([
    ['a generated name', configMap('', { metadata: { generateName: 'a-' } }), 'generateName'],
    ['a number in a label', configMap('', { metadata: { name: 'a', labels: { v: 1 } } }), 'labels'],
    ['no name', configMap('', { metadata: {} }), 'metadata.name'],
    ['a number of too many digits', configMap('a', { spec: { n: 9007199254740993n } }), '9007199254740993'],
  ])('are kept with a warning where they are only printed: %s', (_name, value, complaint) => {
    expect(check(value)).toMatchObject({ error: { code: 'MANIFEST_INVALID' } });
    const printed = checkManifests([{ origin: 'f', value }], MANIFEST_LIMITS, 'warn');
    expect(printed).toMatchObject({ value: { objects: [value], warnings: [expect.stringContaining(complaint)] } });
  });

  it('keep to the limits of count and size', () => {
    const documents = [configMap('a'), configMap('b')].map((value) => ({ origin: 'f', value }));
    for (const limit of [{ maxObjects: 1 }, { maxObjectBytes: 10 }, { maxTotalBytes: 100 }]) {
      const checked = checkManifests(documents, { ...MANIFEST_LIMITS, ...limit });
      expect(checked).toMatchObject({ ok: false, error: { code: 'RENDER_TOO_LARGE' } });
    }
  });
});

describe('a bundle with secrets', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } };

  it('is one that carries the content of a core Secret', () => {
    expect(holdsSecrets([{ ...secret, data: { a: 'eA==' } }])).toBe(true);
    expect(holdsSecrets([{ ...secret, stringData: { a: 'x' } }])).toBe(true);
    expect(holdsSecrets([secret, { ...secret, data: {} }])).toBe(false);
    expect(holdsSecrets([{ ...secret, apiVersion: 'x.io/v1', data: { a: 'x' } }])).toBe(false);
  });
});
