import { describe, expect, it } from 'vitest';
import type { Stored } from '../../../src/database/objects/hub-object.js';
import type { RenderedDocument } from '../../../src/expansion/expansion.js';
import type { JudgedItems } from '../../../src/generation/judged-items.js';
import { inOnePiece } from '../../../src/kernel/pace.js';
import { judgingStores, storeKey, type StoreContext } from '../../../src/secret-stores/domain/desired-stores.js';

const c1 = { uid: 'u1', name: 'c1', server: 'https://c1' };
const permitting = {
  destinations: [{ server: '*', namespace: '*' }],
  clusterResourceWhitelist: [{ group: 'external-secrets.io', kind: 'ClusterSecretStore' }],
};

function context(overrides: Partial<StoreContext> = {}): StoreContext {
  return {
    owner: { apiVersion: 'fleetwright.io/v1alpha1', kind: 'SecretStoreSet', name: 'aws', uid: 'set', controller: true },
    namespace: 'argocd',
    project: { name: 'platform', spec: permitting },
    clusters: { byName: (name) => (name === 'c1' ? c1 : undefined), byServer: () => undefined, ownedBy: () => [] },
    stored: new Map(),
    ...overrides,
  };
}

function rendered(store: object = {}, destination: object = { name: 'c1' }) {
  const document = {
    destination,
    store: {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ClusterSecretStore',
      metadata: { name: 'aws' },
      spec: { provider: { aws: { service: 'SecretsManager', region: 'eu-west-1' } } },
      ...store,
    },
  };
  return { document, origin: { branch: 0, parameters: {} } };
}

function judged(documents: readonly RenderedDocument[], given: StoreContext): JudgedItems {
  return inOnePiece(judgingStores(documents, given));
}

describe('rendered stores, judged', () => {
  it('gives the cluster a store of its own, held until the cluster has let it go', () => {
    const [item] = judged([rendered()], context()).desired;
    expect(item?.value.object.metadata).toMatchObject({
      name: 'c1.clustersecretstore.aws',
      finalizers: ['fleetwright.io/store'],
    });
    expect(item?.value.scope).toEqual({ project: 'platform', cluster: 'c1', ownerUid: 'set' });
  });

  it('refuses two owners of one store name on one cluster', () => {
    const key = storeKey('c1.clustersecretstore.aws');
    const taken = new Map([[key, { object: {}, scope: { ownerUid: 'other' } } as Stored]]);
    expect(judged([rendered()], context({ stored: taken })).problems).toMatchObject([
      { key, code: 'STORE_NAME_TAKEN' },
    ]);
  });

  it('touches neither of two results with one name on one cluster', () => {
    const result = judged([rendered(), rendered({ spec: { provider: { vault: {} } } })], context());
    expect(result.desired).toEqual([]);
    expect(result.problems).toMatchObject([{ code: 'STORE_DUPLICATE' }]);
  });

  it.each([
    ['an unknown cluster', rendered({}, { name: 'nowhere' }), 'DESTINATION_UNKNOWN'],
    ['the hub as destination', rendered({}, { name: 'in-cluster' }), 'DESTINATION_UNKNOWN'],
    ['no provider', rendered({ spec: {} }), 'STORE_INVALID'],
    ['two providers', rendered({ spec: { provider: { aws: {}, vault: {} } } }), 'STORE_INVALID'],
    ['a SecretStore without a namespace', rendered({ kind: 'SecretStore' }), 'STORE_INVALID'],
  ])('reports %s', (_reason, document, code) => {
    expect(judged([document], context()).problems).toMatchObject([{ code }]);
  });

  it("reports a cluster that the set's project does not reach, whatever the namespaces it grants there", () => {
    const reaches = (name: string) => ({ ...permitting, destinations: [{ name, namespace: 'team-*' }] });
    const reached = (name: string) => judged([rendered()], context({ project: { name: 'p', spec: reaches(name) } }));
    expect(reached('c*').problems).toEqual([]);
    expect(reached('other-*').problems).toMatchObject([{ code: 'NOT_PERMITTED' }]);
  });

  it("reports a kind that the set's project does not permit", () => {
    const project = { name: 'team-a', spec: { destinations: permitting.destinations } };
    expect(judged([rendered()], context({ project })).problems).toMatchObject([{ code: 'NOT_PERMITTED' }]);
  });
});
