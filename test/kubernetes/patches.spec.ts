import { describe, expect, it } from 'vitest';
import { jsonPatch } from '../../src/kubernetes/json-patch.js';
import { mergePatch } from '../../src/kubernetes/merge-patch.js';
import { builtInRules } from '../../src/kubernetes/merge-rules.js';
import { strategicMerge } from '../../src/kubernetes/strategic-merge.js';

describe('JSON merge patch', () => {
  it('removes a field that is null, merges maps and replaces lists', () => {
    const target = { a: 1, b: { c: 1, d: 2 }, e: [1, 2] };
    expect(mergePatch(target, { a: null, b: { c: 3 }, e: [9] })).toEqual({ b: { c: 3, d: 2 }, e: [9] });
    expect(target).toEqual({ a: 1, b: { c: 1, d: 2 }, e: [1, 2] });
  });
});

describe('JSON patch', () => {
  const target = { a: { b: [1, 2, 3] }, 'x/y': 1 };

  it.each([
    ['adds before an index', { op: 'add', path: '/a/b/1', value: 9 }, { a: { b: [1, 9, 2, 3] }, 'x/y': 1 }],
    ['adds at the end', { op: 'add', path: '/a/b/-', value: 9 }, { a: { b: [1, 2, 3, 9] }, 'x/y': 1 }],
    ['removes', { op: 'remove', path: '/a/b/0' }, { a: { b: [2, 3] }, 'x/y': 1 }],
    ['replaces a name with a slash', { op: 'replace', path: '/x~1y', value: 2 }, { a: { b: [1, 2, 3] }, 'x/y': 2 }],
    ['moves', { op: 'move', from: '/a/b', path: '/c' }, { a: {}, c: [1, 2, 3], 'x/y': 1 }],
    ['copies', { op: 'copy', from: '/x~1y', path: '/a/b/0' }, { a: { b: [1, 1, 2, 3] }, 'x/y': 1 }],
    ['tests', { op: 'test', path: '/a/b', value: [1, 2, 3] }, target],
  ])('%s', (_what, operation, expected) => {
    expect(jsonPatch(target, [operation])).toEqual(expected);
  });

  it.each([
    ['a failed test', { op: 'test', path: '/x~1y', value: 2 }],
    ['a path that is not there', { op: 'replace', path: '/nothing', value: 2 }],
    ['an index out of bounds', { op: 'add', path: '/a/b/7', value: 2 }],
    ['an unknown operation', { op: 'twist', path: '/a' }],
    ['a path that is not a pointer', { op: 'remove', path: 'a' }],
    ['the prototype', { op: 'remove', path: '/constructor' }],
  ])('refuses %s', (_what, operation) => {
    expect(() => jsonPatch(target, [operation])).toThrowError(
      expect.objectContaining({ code: 'PATCH_INVALID' }) as Error,
    );
  });
});

describe('strategic merge patch', () => {
  const rules = builtInRules('', 'Pod');
  const pod = {
    spec: {
      containers: [
        { name: 'a', image: 'a:1' },
        { name: 'b', image: 'b:1' },
      ],
      tolerations: [{ key: 'x' }],
    },
  };
  const patched = (spec: object): unknown => (strategicMerge(pod, { spec }, rules) as { spec: unknown }).spec;

  it('merges keyed lists by their key and replaces the others', () => {
    expect(patched({ containers: [{ name: 'b', image: 'b:2' }, { name: 'c' }], tolerations: [] })).toEqual({
      containers: [{ name: 'a', image: 'a:1' }, { name: 'b', image: 'b:2' }, { name: 'c' }],
      tolerations: [],
    });
  });

  it('deletes and replaces where the patch directs it', () => {
    expect(patched({ containers: [{ name: 'a', $patch: 'delete' }] })).toHaveProperty('containers', [
      { name: 'b', image: 'b:1' },
    ]);
    expect(patched({ containers: [{ $patch: 'replace' }, { name: 'z' }] })).toHaveProperty('containers', [
      { name: 'z' },
    ]);
  });

  it('orders items as the patch says', () => {
    const order = { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] };
    expect(patched(order)).toHaveProperty('containers', [
      { name: 'b', image: 'b:1' },
      { name: 'a', image: 'a:1' },
    ]);
  });

  it('keeps only the retained keys', () => {
    const deployment = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } };
    const patch = { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } };
    expect(strategicMerge(deployment, patch, rules)).toEqual({ spec: { strategy: { type: 'Recreate' } } });
  });

  it('adds to and deletes from sets of scalars', () => {
    const object = { metadata: { finalizers: ['a', 'b'] } };
    const patch = { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'], finalizers: ['c'] } };
    expect(strategicMerge(object, patch, rules)).toEqual({ metadata: { finalizers: ['c', 'b'] } });
  });
});
