import { describe, expect, it } from 'vitest';
import type { HubObject } from '../../src/database/objects/hub-object.js';
import { applyTo, patched, replaced } from '../../src/documents/merge-document.js';
import type { KubernetesObject } from '../../src/kernel/object.js';

const by = (manager: string, operation: 'Apply' | 'Update' = 'Apply') => ({
  manager,
  operation,
  apiVersion: 'fleetwright.io/v1alpha1',
  time: '2026-01-01T00:00:00Z',
});
const cluster = (labels: Record<string, string>, spec: object = {}): KubernetesObject => ({
  apiVersion: 'fleetwright.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name: 'c1', namespace: 'argocd', labels },
  spec,
});
const stored = (object: KubernetesObject): HubObject =>
  ({
    ...object,
    metadata: {
      ...object.metadata,
      uid: 'u',
      generation: 1,
      resourceVersion: '7',
      creationTimestamp: 't',
      annotations: {},
    },
  }) as HubObject;

const patch = (live: HubObject, change: unknown) =>
  replaced(live, patched(live, change) as KubernetesObject, by('kubectl', 'Update'));

describe('applying a document', () => {
  it('leaves labels that others set, and takes back those it set itself and sets no more', () => {
    const first = stored(applyTo(undefined, cluster({ a: '1', b: '1' }), by('git')));
    const labelled = stored(patch(first, { metadata: { labels: { team: 'x' } } }));
    expect(applyTo(labelled, cluster({ a: '2' }), by('git')).metadata.labels).toEqual({ a: '2', team: 'x' });
  });

  it('refuses a resourceVersion that is not the stored one', () => {
    const live = stored(applyTo(undefined, cluster({}), by('git')));
    const stale = { ...cluster({}), metadata: { ...cluster({}).metadata, resourceVersion: '6' } };
    expect(() => applyTo(live, stale, by('git'))).toThrow(expect.objectContaining({ code: 'CONFLICT' }));
  });
});

describe('replacing a document', () => {
  it('takes away what it does not name, and keeps what the server gave', () => {
    const live = stored(applyTo(undefined, cluster({ a: '1' }, { server: 'https://x' }), by('git')));
    const next = replaced(live, cluster({}), by('ui', 'Update'));
    expect(next).toMatchObject({ spec: {}, metadata: { labels: {}, uid: 'u', resourceVersion: '7' } });
  });
});

describe('patching a document', () => {
  it('removes what is null and cannot rename', () => {
    const live = stored(applyTo(undefined, cluster({ a: '1', b: '2' }), by('git')));
    const next = patch(live, { metadata: { name: 'other', labels: { a: null } } });
    expect(next.metadata).toMatchObject({ name: 'c1', labels: { b: '2' } });
  });

  it('keeps a member called __proto__ as data', () => {
    const live = stored(applyTo(undefined, cluster({}), by('git')));
    const next = patch(live, JSON.parse('{"spec": {"__proto__": {"polluted": true}}}'));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.keys(next['spec'] as object)).toEqual(['__proto__']);
  });
});
