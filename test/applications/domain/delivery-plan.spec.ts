import { describe, expect, it } from 'vitest';
import { placed, placedKeys, scopeLookup } from '../../../src/applications/domain/bundle-keys.js';
import { planDelivery } from '../../../src/applications/domain/delivery-plan.js';
import { permitsObjects } from '../../../src/applications/domain/permits-objects.js';

const scopes = scopeLookup([
  { group: 'example.com', version: 'v1', kind: 'Widget', resource: 'widgets', namespaced: false },
]);
const id = (group: string, kind: string, name: string, namespace = '') => ({ group, kind, name, namespace });

describe('planDelivery', () => {
  it('names each object that a delivery creates and prunes', () => {
    expect(planDelivery(['a', 'b'], ['b', 'c'])).toEqual({ creates: ['c'], prunes: ['a'], kept: 1 });
  });
});

describe('placedKeys', () => {
  it('fills in the default namespace for namespaced kinds only, as stamping does', () => {
    const ids = [id('', 'ConfigMap', 'x'), id('', 'Namespace', 'n'), id('', 'ConfigMap', 'y', 'own')];
    expect(placedKeys(ids, scopes, 'team')).toEqual(['/ConfigMap/own/y', '/ConfigMap/team/x', '/Namespace//n']);
  });

  it('goes by what the cluster serves before what every cluster serves', () => {
    expect(placed(id('example.com', 'Widget', 'w'), scopes, 'team')).toMatchObject({
      namespaced: false,
      namespace: '',
    });
    expect(placed(id('other.com', 'Thing', 't'), scopes, 'team')).toMatchObject({
      namespaced: true,
      namespace: 'team',
    });
  });
});

describe('permitsObjects', () => {
  const project = {
    destinations: [{ server: '*', namespace: 'team-*' }],
    clusterResourceWhitelist: [{ group: '', kind: 'Namespace' }],
  };
  const judge = (...objects: ReturnType<typeof id>[]) =>
    permitsObjects(project, {
      server: 's',
      name: 'c',
      objects: objects.map((object) => placed(object, scopes, 'team-a')),
    });

  it('permits what every object may be, where it is', () => {
    expect(judge(id('', 'ConfigMap', 'x'), id('', 'Namespace', 'n')).allowed).toBe(true);
  });

  it("judges an object by its own namespace, not by the Application's", () => {
    expect(judge(id('', 'ConfigMap', 'x', 'kube-system'))).toMatchObject({
      allowed: false,
      reason: expect.stringContaining('kube-system'),
    });
  });

  it('refuses a cluster-scoped kind that no rule grants', () => {
    expect(judge(id('rbac.authorization.k8s.io', 'ClusterRole', 'admin'))).toMatchObject({ allowed: false });
  });
});
