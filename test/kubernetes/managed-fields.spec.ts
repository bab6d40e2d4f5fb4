import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { applyConfig, setOf, trackUpdate, type FieldManager } from '../../src/kubernetes/managed-fields.js';
import { builtInRules, schemaRules } from '../../src/kubernetes/merge-rules.js';
import { pathsOf } from '../../src/kubernetes/field-set.js';
import { configMap, deployment } from '../support/manifests.js';

const rules = builtInRules('apps', 'Deployment');

function by(manager: string, operation: 'Apply' | 'Update' = 'Apply', apiVersion = 'apps/v1'): FieldManager {
  return { manager, operation, apiVersion, time: '2026-01-01T00:00:00Z' };
}

function apply(live: KubernetesObject | undefined, config: KubernetesObject, manager: string, force = false) {
  return applyConfig({ live, config, by: by(manager), force, rules });
}

/** What a plain write of `change` by `manager` leaves. */
function update(live: KubernetesObject, manager: string, change: (draft: KubernetesObject) => void): KubernetesObject {
  const after = structuredClone(live);
  change(after);
  const managedFields = trackUpdate({ before: live, after, by: by(manager, 'Update'), rules });
  return { ...after, metadata: { ...after.metadata, managedFields } };
}

function withContainers(...containers: object[]): KubernetesObject {
  return deployment('web', { spec: { template: { spec: { containers } } } });
}

const containersOf = (object: KubernetesObject): Record<string, unknown>[] =>
  (object.spec as { template: { spec: { containers: Record<string, unknown>[] } } }).template.spec.containers;

function ownedBy(object: KubernetesObject, manager: string): string[] {
  const entries = object.metadata.managedFields ?? [];
  return entries.filter((entry) => entry.manager === manager).flatMap((entry) => pathsOf(setOf(entry)));
}

const IMAGE = '.spec.template.spec.containers[name="main"].image';

describe('server-side apply', () => {
  it('records every field of the document as its manager’s', () => {
    const live = apply(undefined, deployment('web'), 'fleet');
    expect(ownedBy(live, 'fleet').sort()).toEqual([
      '.metadata.labels.app',
      '.spec.selector',
      '.spec.template.metadata.labels.app',
      '.spec.template.spec.containers[name="main"]',
      IMAGE,
      '.spec.template.spec.containers[name="main"].name',
    ]);
  });

  it('answers the live object itself when nothing changes', () => {
    const live = apply(undefined, deployment('web'), 'fleet');
    expect(apply(live, deployment('web'), 'fleet')).toBe(live);
  });

  it('lets two managers own a field they agree on', () => {
    const live = apply(apply(undefined, deployment('web'), 'fleet'), deployment('web'), 'other');
    expect(ownedBy(live, 'fleet')).toContain(IMAGE);
    expect(ownedBy(live, 'other')).toContain(IMAGE);
  });

  it('refuses to change what another manager owns, naming the field and the manager', () => {
    const live = apply(undefined, deployment('web'), 'fleet');
    expect(() => apply(live, deployment('web', { image: 'nginx:2' }), 'other')).toThrowError(
      expect.objectContaining({
        code: 'FIELD_CONFLICT',
        details: expect.objectContaining({
          faults: [{ path: IMAGE, message: 'conflict with "fleet"' }],
        }) as unknown,
      }) as Error,
    );
  });

  it('takes the field over when forced', () => {
    const live = apply(undefined, deployment('web'), 'fleet');
    const forced = apply(live, deployment('web', { image: 'nginx:2' }), 'other', true);
    expect(containersOf(forced)[0]?.image).toBe('nginx:2');
    expect(ownedBy(forced, 'other')).toContain(IMAGE);
    expect(ownedBy(forced, 'fleet')).not.toContain(IMAGE);
  });

  it('meets a hand edit as a conflict, and puts the value back when forced', () => {
    const edited = update(apply(undefined, deployment('web'), 'fleet'), 'kubectl-edit', (draft) => {
      containersOf(draft)[0]!.image = 'nginx:9';
    });
    expect(ownedBy(edited, 'kubectl-edit')).toEqual([IMAGE]);
    expect(ownedBy(edited, 'fleet')).not.toContain(IMAGE);
    expect(() => apply(edited, deployment('web'), 'fleet')).toThrow(/conflict with "kubectl-edit"/);
    const healed = apply(edited, deployment('web'), 'fleet', true);
    expect(containersOf(healed)[0]?.image).toBe('nginx:1');
    expect(healed.metadata.managedFields).toHaveLength(1);
  });

  it('removes a field its manager gives up, unless someone else owns it too', () => {
    const first = apply(undefined, deployment('web', { spec: { replicas: 3, paused: true } }), 'fleet');
    const shared = apply(first, { ...deployment('web'), spec: { paused: true } }, 'other');
    const given = apply(shared, deployment('web'), 'fleet');
    expect(given.spec).not.toHaveProperty('replicas');
    expect(given.spec).toHaveProperty('paused', true);
    expect(ownedBy(given, 'fleet')).not.toContain('.spec.paused');
  });

  it('removes a list item with everything defaulted in it when its manager drops it', () => {
    const two = apply(undefined, withContainers({ name: 'a', image: 'a:1' }, { name: 'b', image: 'b:1' }), 'fleet');
    const live = structuredClone(two);
    containersOf(live)[1]!.imagePullPolicy = 'IfNotPresent';
    const one = apply(live, withContainers({ name: 'a', image: 'a:1' }), 'fleet');
    expect(containersOf(one).map((container) => container.name)).toEqual(['a']);
  });

  it('keeps list items that others added, and fields nobody named', () => {
    const live = update(apply(undefined, deployment('web'), 'fleet'), 'injector', (draft) => {
      containersOf(draft)[0]!.imagePullPolicy = 'Always';
      containersOf(draft).push({ name: 'sidecar', image: 'proxy:1' });
    });
    const next = apply(live, deployment('web', { image: 'nginx:2' }), 'fleet');
    expect(containersOf(next)).toEqual([
      { name: 'main', image: 'nginx:2', imagePullPolicy: 'Always' },
      { name: 'sidecar', image: 'proxy:1' },
    ]);
  });

  it('orders keyed lists as the document does', () => {
    const live = apply(undefined, withContainers({ name: 'a' }, { name: 'b' }), 'fleet');
    const next = apply(live, withContainers({ name: 'b' }, { name: 'c' }, { name: 'a' }), 'fleet');
    expect(containersOf(next).map((container) => container.name)).toEqual(['b', 'c', 'a']);
  });

  it('keeps an item that only the live list has behind its neighbours', () => {
    const live = withContainers({ name: 'c' }, { name: 'injected' }, { name: 'b' });
    const next = apply(live, withContainers({ name: 'b' }, { name: 'c' }), 'fleet');
    expect(containersOf(next).map((container) => container.name)).toEqual(['injected', 'b', 'c']);
  });

  it('leaves an object its identity when its manager gives up every field', () => {
    const bare = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'default' } };
    const live = apply(undefined, deployment('web'), 'fleet');
    expect(apply(live, bare, 'fleet').metadata).toEqual({ name: 'web', namespace: 'default', managedFields: [] });
  });

  it('takes from the others what went with an item that was given up', () => {
    const live = update(apply(undefined, deployment('web'), 'fleet'), 'injector', (draft) => {
      containersOf(draft)[0]!.imagePullPolicy = 'Always';
    });
    const next = apply(live, withContainers(), 'fleet');
    expect(containersOf(next)).toEqual([]);
    expect(ownedBy(next, 'injector')).toEqual([]);
  });

  it('replaces atomic lists and atomic maps as one value', () => {
    const live = apply(undefined, withContainers({ name: 'a', args: ['1', '2'] }), 'fleet');
    const next = apply(live, withContainers({ name: 'a', args: ['3'] }), 'fleet');
    expect(containersOf(next)[0]?.args).toEqual(['3']);
    expect(ownedBy(next, 'fleet')).toContain('.spec.template.spec.containers[name="a"].args');
  });

  it('pairs ports by number and protocol, TCP where none is said', () => {
    const ports = (...list: object[]) => withContainers({ name: 'a', ports: list });
    const live = apply(undefined, ports({ containerPort: 53, protocol: 'UDP' }, { containerPort: 53 }), 'fleet');
    const other = apply(live, ports({ containerPort: 53, protocol: 'TCP', name: 'dns' }), 'other');
    expect(containersOf(other)[0]?.ports).toEqual([
      { containerPort: 53, protocol: 'UDP' },
      { containerPort: 53, protocol: 'TCP', name: 'dns' },
    ]);
  });

  it.each([
    ['repeats a key', [{ name: 'a' }, { name: 'a' }], /duplicate entries for key \{"name":"a"\}/],
    ['omits the key', [{ image: 'a' }], /omits the key field "name"/],
  ])('refuses a list that %s', (_what, containers, message) => {
    expect(() => apply(undefined, withContainers(...containers), 'fleet')).toThrow(message);
  });

  it('gives up a whole map when its last field goes', () => {
    const ofMaps = builtInRules('', 'ConfigMap');
    const input = { by: by('fleet', 'Apply', 'v1'), force: false, rules: ofMaps };
    const live = applyConfig({ ...input, live: undefined, config: configMap('a', { one: '1' }) });
    const { data: _data, ...without } = configMap('a');
    expect(applyConfig({ ...input, live, config: without })).not.toHaveProperty('data');
  });

  it('does not let a document reach the prototype', () => {
    const config = JSON.parse(
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"__proto__":"x"}}',
    );
    const input = { by: by('fleet', 'Apply', 'v1'), force: false, rules: builtInRules('', 'ConfigMap') };
    const live = applyConfig({ ...input, live: configMap('a', { b: '1' }), config: config as KubernetesObject });
    expect(Object.getPrototypeOf(live.data)).toBe(Object.prototype);
    expect(JSON.stringify(live.data)).toBe('{"b":"1","__proto__":"x"}');
  });
});

describe('plain writes', () => {
  it('move ownership of changed fields to the writer and take removed ones from everybody', () => {
    const live = apply(undefined, deployment('web', { spec: { replicas: 3 } }), 'fleet');
    const edited = update(live, 'kubectl-edit', (draft) => {
      draft.metadata.labels = { team: 'a' };
    });
    expect(ownedBy(edited, 'kubectl-edit')).toEqual(['.metadata.labels.team']);
    expect(ownedBy(edited, 'fleet')).not.toContain('.metadata.labels.app');
    expect(ownedBy(edited, 'fleet')).toContain('.spec.replicas');
  });

  it('change no entry when they change nothing', () => {
    const live = apply(undefined, deployment('web'), 'fleet');
    const entries = trackUpdate({ before: live, after: structuredClone(live), by: by('x', 'Update'), rules });
    expect(entries).toEqual(live.metadata.managedFields);
  });
});

describe('custom resources', () => {
  const schema = {
    properties: {
      spec: {
        properties: {
          ports: { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['port'], items: {} },
          plain: { items: {} },
          ref: { 'x-kubernetes-map-type': 'atomic', properties: { a: {} } },
        },
      },
    },
  };

  it('merge lists as their schema says, and take lists it does not describe as one value', () => {
    const custom = schemaRules(schema);
    expect(custom.listKeys(['spec', 'ports'])).toEqual(['port']);
    expect(custom.listKeys(['spec', 'plain'])).toBeUndefined();
    expect(custom.listKeys(['metadata', 'finalizers'])).toBe('set');
    expect(custom.isAtomicMap(['spec', 'ref'])).toBe(true);
    expect(schemaRules(undefined).listKeys(['spec', 'ports'])).toBeUndefined();
  });
});
