import { describe, expect, it } from 'vitest';
import { builtInRules, schemaRules } from '../../src/kubernetes/merge-rules.js';
import { BUILT_INS, fieldAt, typeNamed, typeOfKind } from '../../src/kubernetes/schema/built-in-schema.js';

const keysAt = (group: string, kind: string, path: string) => builtInRules(group, kind).listKeys(path.split('.'));
const isAtomic = (group: string, kind: string, path: string) => builtInRules(group, kind).isAtomicMap(path.split('.'));

describe('lists of built-in kinds', () => {
  it.each([
    ['', 'Pod', 'spec.containers', ['name']],
    ['apps', 'Deployment', 'spec.template.spec.containers', ['name']],
    ['apps', 'Deployment', 'spec.template.spec.containers.ports', ['containerPort', 'protocol']],
    ['apps', 'StatefulSet', 'spec.template.spec.initContainers.env', ['name']],
    ['apps', 'StatefulSet', 'spec.volumeClaimTemplates.metadata.finalizers', 'set'],
    ['batch', 'CronJob', 'spec.jobTemplate.spec.template.spec.volumes', ['name']],
    ['batch', 'Job', 'spec.template.spec.containers.volumeMounts', ['mountPath']],
    ['', 'Service', 'spec.ports', ['port', 'protocol']],
    ['apps', 'Deployment', 'status.conditions', ['type']],
    ['', 'ConfigMap', 'metadata.ownerReferences', ['uid']],
    ['', 'ConfigMap', 'metadata.finalizers', 'set'],
  ])('merges %s/%s %s by %j', (group, kind, path, keys) => {
    expect(keysAt(group, kind, path)).toEqual(keys);
  });

  it.each([
    ['apps', 'Deployment', 'spec.template.spec.containers.args'],
    ['apps', 'Deployment', 'spec.template.spec.tolerations'],
    ['networking.k8s.io', 'Ingress', 'spec.rules'],
    ['rbac.authorization.k8s.io', 'ClusterRole', 'rules'],
    ['batch', 'Job', 'status.conditions'],
    ['example.com', 'Widget', 'spec.containers'],
    ['apps', 'constructor', 'spec.containers'],
    ['', 'ConfigMap', '__proto__.constructor'],
    ['', 'ConfigMap', 'data.containers'],
  ])('treats %s/%s %s as one atomic value', (group, kind, path) => {
    expect(keysAt(group, kind, path)).toBeUndefined();
  });

  it('pairs items of a strategic merge patch by a key of its own', () => {
    const rules = builtInRules('', 'Service');
    expect(rules.patchKey?.(['spec', 'ports'])).toBe('port');
    expect(rules.patchKey?.(['metadata', 'finalizers'])).toBe('set');
    expect(schemaRules({}).patchKey).toBeUndefined();
  });

  it('know what a key is where an item does not say', () => {
    expect(builtInRules('', 'Service').keyDefault(['spec', 'ports'], 'protocol')).toBe('TCP');
    expect(builtInRules('', 'Service').keyDefault(['spec', 'ports'], 'port')).toBeUndefined();
    const items = { type: 'object', properties: { protocol: { type: 'string', default: 'UDP' } } };
    const schema = { properties: { spec: { properties: { ports: { type: 'array', items } } } } };
    expect(schemaRules(schema).keyDefault(['spec', 'ports'], 'protocol')).toBe('UDP');
  });
});

describe('maps of built-in kinds', () => {
  it.each([
    ['apps', 'Deployment', 'spec.selector', true],
    ['', 'Service', 'spec.selector', true],
    ['', 'Pod', 'spec.nodeSelector', true],
    ['', 'Pod', 'spec.imagePullSecrets', true],
    ['', 'Pod', 'spec.containers.env.valueFrom.secretKeyRef', true],
    ['', 'Pod', 'spec.containers.resources.limits', false],
    ['', 'ConfigMap', 'data', false],
    ['', 'ConfigMap', 'metadata.labels', false],
    ['apps', 'Deployment', 'spec.template', false],
    ['example.com', 'Widget', 'spec.selector', false],
  ])('%s/%s %s is owned as a whole: %s', (group, kind, path, expected) => {
    expect(isAtomic(group, kind, path)).toBe(expected);
  });
});

describe('the schema table', () => {
  it('reads every type it names', () => {
    const seen = new Set<string>();
    const visit = (path: string[], group: string, kind: string): void => {
      const shape = fieldAt(typeOfKind(group, kind)!, path)?.shape;
      const text = JSON.stringify(shape);
      const [, name] = /"type":"(\w+)"/.exec(text) ?? [];
      if (name === undefined || seen.has(name)) return;
      seen.add(name);
      for (const field of typeFields(group, kind, path)) visit([...path, field], group, kind);
    };
    for (const { group, kind } of BUILT_INS) visit([], group, kind);
    expect(seen.size).toBeGreaterThan(400);
  });
});

function typeFields(group: string, kind: string, path: readonly string[]): string[] {
  const type = typeOfKind(group, kind)!;
  const text = JSON.stringify(fieldAt(type, path)?.shape);
  const [, name = ''] = /"type":"(\w+)"/.exec(text) ?? [];
  return [...typeNamed(name).fields.keys()];
}
