import { describe, expect, it } from 'vitest';
import { bundleDifference } from '../../../src/applications/domain/bundle-difference.js';
import type { KubernetesObject, ObjectId } from '../../../src/kernel/object.js';

const VALUE = 'correct-horse-battery';
const place = (id: ObjectId): ObjectId => ({ ...id, namespace: id.namespace || 'web' });
const configMap = (name: string, data: object, namespace?: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  data,
});
const secret = (data: object, more: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'login' },
  data,
  ...more,
});

describe('the difference of two bundles', () => {
  it('names what goes, changes and comes, and counts what stays', () => {
    const before = [configMap('gone', {}), configMap('kept', {}), configMap('edited', { color: 'red', size: '1' })];
    const after = [
      configMap('kept', {}, 'web'),
      configMap('edited', { color: 'blue', size: '1' }),
      configMap('new', {}),
    ];
    const id = { group: '', kind: 'ConfigMap', namespace: 'web' };
    expect(bundleDifference(before, after, place)).toEqual({
      changes: [
        { action: 'delete', ...id, name: 'gone' },
        { action: 'update', ...id, name: 'edited', changes: [{ path: 'data.color', from: 'red', to: 'blue' }] },
        { action: 'create', ...id, name: 'new' },
      ],
      more: 0,
      unchanged: 1,
    });
  });

  it('shows the member of a list that changed, and a list whole where its length did', () => {
    const pod = (...images: string[]): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web' },
      spec: { containers: images.map((image, index) => ({ name: `c${index}`, image })) },
    });
    const changesOf = (...images: string[]) =>
      bundleDifference([pod('a', 'b')], [pod(...images)], place).changes[0]?.changes;
    expect(changesOf('a', 'c')).toEqual([{ path: 'spec.containers[1].image', from: 'b', to: 'c' }]);
    expect(changesOf('a')).toMatchObject([{ path: 'spec.containers' }]);
  });

  it('tells which values of a Secret differ, and none of them', () => {
    const before = secret({ password: VALUE, kept: VALUE, gone: VALUE });
    const after = secret({ password: `${VALUE}2`, kept: VALUE }, { stringData: { added: VALUE }, type: 'Opaque' });
    const { changes } = bundleDifference([before], [after], place);
    expect(JSON.stringify(changes)).not.toContain(VALUE);
    expect(changes[0]?.changes).toEqual([
      { path: 'data.gone', from: '++++++++' },
      { path: 'stringData', to: { added: '++++++++' } },
      { path: 'type', to: 'Opaque' },
      { path: 'data.password', from: '++++++++', to: '++++++++' },
    ]);
  });

  it("tells nothing of what a Secret's annotation or odd data repeat", () => {
    const annotations = (value: string) => ({
      metadata: { name: 'login', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': value } },
    });
    const { changes } = bundleDifference(
      [secret({}, { ...annotations(VALUE), data: VALUE })],
      [secret({}, { ...annotations(`${VALUE}2`), data: [VALUE] })],
      place,
    );
    expect(changes).toHaveLength(1);
    expect(JSON.stringify(changes)).not.toContain(VALUE);
  });

  it('is bounded: objects, fields and long values', () => {
    const many = Array.from({ length: 500 }, (_, index) => configMap(`c${index}`, {}));
    const wide = (value: string) => configMap('wide', Object.fromEntries(many.map((_, index) => [`k${index}`, value])));
    expect(bundleDifference(many, [], place)).toMatchObject({ more: 300, unchanged: 0 });
    const [change] = bundleDifference([wide('a')], [wide('b'.repeat(5_000))], place).changes;
    expect(change?.changes).toHaveLength(100);
    expect(JSON.stringify(change).length).toBeLessThan(150_000);
  });
});
