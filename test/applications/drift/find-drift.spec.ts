import { describe, expect, it } from 'vitest';
import { findDrift } from '../../../src/applications/domain/drift/find-drift.js';
import { sameQuantity } from '../../../src/applications/domain/drift/quantity.js';
import type { KubernetesObject } from '../../../src/kernel/object.js';
import { deployment } from '../../support/workloads.js';

type Fields = Record<string, unknown>;

const object = (kind: string, fields: Fields): KubernetesObject => ({
  apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1',
  kind,
  metadata: { name: 'one' },
  ...fields,
});
const paths = (desired: KubernetesObject, live: KubernetesObject) => findDrift(desired, live).map(({ path }) => path);

const containers = (...items: Fields[]): Fields => ({ spec: { template: { spec: { containers: items } } } });

describe('drift of a live object', () => {
  it.each<[string, string, Fields, Fields]>([
    ['fields of others', 'ConfigMap', { data: { a: '1' } }, { data: { a: '1', b: '2' } }],
    ['status', 'Service', { status: { a: 1 } }, {}],
    [
      'quantities spelled otherwise',
      'Pod',
      { spec: { containers: [{ name: 'a', resources: { limits: { cpu: 1 } } }] } },
      { spec: { containers: [{ name: 'a', resources: { limits: { cpu: '1000m' } } }] } },
    ],
    ['zero values left out', 'Pod', { spec: { hostNetwork: false, containers: [] } }, { spec: {} }],
    ['an empty map left out', 'Deployment', { spec: { strategy: {} } }, { spec: {} }],
    ['null', 'Deployment', { spec: { strategy: null } }, {}],
    [
      'keyed items in another order',
      'Deployment',
      containers({ name: 'a' }, { name: 'b' }),
      containers({ name: 'b' }, { name: 'a' }),
    ],
    [
      'an item that someone injected',
      'Deployment',
      containers({ name: 'a' }),
      containers({ name: 'a' }, { name: 'sidecar' }),
    ],
    [
      'a defaulted key',
      'Service',
      { spec: { ports: [{ port: 80 }] } },
      { spec: { ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }] } },
    ],
    ['stringData as data', 'Secret', { stringData: { a: 'b' } }, { data: { a: 'Yg==' } }],
  ])('does not see %s', (_, kind, desired, live) => {
    expect(paths(object(kind, desired), object(kind, live))).toEqual([]);
  });

  it.each<[string, string, Fields, Fields, string[]]>([
    ['a changed value', 'ConfigMap', { data: { a: '1' } }, { data: { a: '2' } }, ['data.a']],
    [
      'a value that only looks like a quantity',
      'ConfigMap',
      { data: { limits: '1' } },
      { data: { limits: '1000m' } },
      ['data.limits'],
    ],
    ['a field that is gone', 'ConfigMap', { data: { a: '1' } }, {}, ['data']],
    [
      'a missing item',
      'Deployment',
      containers({ name: 'a' }),
      containers(),
      ['spec.template.spec.containers[{"name":"a"}]'],
    ],
    [
      'an item inside an atomic list',
      'Deployment',
      containers({ name: 'a', args: ['x', 'y'] }),
      containers({ name: 'a', args: ['x', 'z'] }),
      ['spec.template.spec.containers[{"name":"a"}].args[1]'],
    ],
    [
      'a longer atomic list',
      'Deployment',
      containers({ name: 'a', args: ['x'] }),
      containers({ name: 'a', args: ['x', 'y'] }),
      ['spec.template.spec.containers[{"name":"a"}].args'],
    ],
    [
      'a label that selects something else',
      'Service',
      { spec: { selector: { app: 'a' } } },
      { spec: { selector: { app: 'a', more: 'b' } } },
      ['spec.selector.more'],
    ],
    ['a removed label', 'ConfigMap', { metadata: { name: 'one', labels: { a: 'b' } } }, {}, ['metadata.labels']],
  ])('sees %s', (_, kind, desired, live, expected) => {
    expect(paths(object(kind, desired), object(kind, live))).toEqual(expected);
  });

  it('reads keys of the prototype as data', () => {
    const desired = object('ConfigMap', { data: JSON.parse('{"__proto__":"x","constructor":"y"}') as Fields });
    expect(paths(desired, object('ConfigMap', { data: {} }))).toEqual(['data.__proto__', 'data.constructor']);
  });

  it('lists no more than 50 fields', () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`key${index}`, 'x']));
    expect(findDrift(object('ConfigMap', { data: many }), object('ConfigMap', { data: { other: '' } }))).toHaveLength(
      50,
    );
  });

  it('finds a Deployment as it was written equal to itself', () => {
    expect(findDrift(deployment('web'), deployment('web'))).toEqual([]);
  });
});

describe('quantities', () => {
  it.each([
    ['1', '1000m'],
    [1, '1'],
    ['0.5', '500m'],
    ['1Gi', '1024Mi'],
    ['1e3', '1k'],
    ['1500M', '1.5G'],
    ['-1', '-1000m'],
  ])('%s is %s', (left, right) => {
    expect(sameQuantity(left, right)).toBe(true);
  });

  it.each([
    ['1', '1001m'],
    ['1G', '1Gi'],
    ['one', 'one'],
    ['', ''],
    [null, null],
  ])('%s is not %s', (left, right) => {
    expect(sameQuantity(left, right)).toBe(false);
  });
});
