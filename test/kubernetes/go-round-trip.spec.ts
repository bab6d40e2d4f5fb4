import { describe, expect, it } from 'vitest';
import { typeOfKind } from '../../src/kubernetes/schema/built-in-schema.js';
import { blankOf, goRoundTrip } from '../../src/kubernetes/schema/go-round-trip.js';

const DEPLOYMENT = typeOfKind('apps', 'Deployment')!;
const ROLE = typeOfKind('rbac.authorization.k8s.io', 'Role')!;

const podOf = (spec: object): unknown => {
  const { object } = goRoundTrip(DEPLOYMENT, { spec: { template: { spec } } });
  return (object as { spec: { template: { spec: unknown } } }).spec.template.spec;
};

describe('an object read and printed by its Go type', () => {
  it('loses fields that the type does not have, and tells them', () => {
    const { object, unknown } = goRoundTrip(ROLE, {
      metadata: { name: 'r', nam: 1 },
      rules: [{ verbs: ['get'], verb: 1 }],
    });
    expect(unknown).toEqual(['metadata.nam', 'rules[0].verb']);
    expect(object).toEqual({ metadata: { name: 'r' }, rules: [{ verbs: ['get'] }] });
  });

  it('loses zero values that are no pointers, and keeps those that are', () => {
    const spec = {
      hostNetwork: false,
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      subdomain: '',
    };
    expect(podOf(spec)).toEqual({
      containers: null,
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
    });
  });

  it('loses empty lists and maps, but shows structs and lists that are always there', () => {
    expect(podOf({ containers: [{ name: 'a', env: [] }], nodeSelector: {} })).toEqual({
      containers: [{ name: 'a', resources: {} }],
    });
    expect(goRoundTrip(ROLE, {}).object).toEqual({ metadata: {}, rules: null });
  });

  it('keeps what a volume or a policy means by an empty struct', () => {
    expect(podOf({ volumes: [{ name: 'v', emptyDir: {} }] })).toMatchObject({ volumes: [{ name: 'v', emptyDir: {} }] });
  });

  it('tells the first value of another type', () => {
    const { fault } = goRoundTrip(DEPLOYMENT, { spec: { replicas: 'two', template: [] } });
    expect(fault).toEqual({ path: 'spec.replicas', of: 'DeploymentSpec', wanted: 'integer', got: 'string' });
  });

  it('is no way to the prototype', () => {
    const hostile = JSON.parse('{"metadata":{"labels":{"__proto__":"x","constructor":"y"}}}') as Record<
      string,
      unknown
    >;
    const { object } = goRoundTrip(ROLE, hostile);
    expect(Object.keys((object as { metadata: { labels: object } }).metadata.labels)).toEqual([
      '__proto__',
      'constructor',
    ]);
    expect(goRoundTrip(ROLE, { constructor: 1 }).unknown).toEqual(['constructor']);
  });
});

describe('what a kind holds when nothing was said', () => {
  it('is its structs and what it requires', () => {
    expect(blankOf(DEPLOYMENT)).toMatchObject({
      spec: { selector: null, strategy: {}, template: { spec: { containers: [] } } },
    });
    expect(blankOf(ROLE)).toEqual({ metadata: {}, rules: [] });
  });
});
