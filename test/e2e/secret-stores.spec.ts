import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { project } from '../support/documents.js';
import { eventually, World } from '../support/world.js';

const storeSet = (name: string, owner = 'team-a'): string => `
apiVersion: fleetwright.io/v1alpha1
kind: SecretStoreSet
metadata: { name: ${name} }
spec:
  project: ${owner}
  generators: [{ clusters: { selector: { matchLabels: { fleet: tenant } } } }]
  template:
    apiVersion: external-secrets.io/v1
    kind: ClusterSecretStore
    metadata: { name: aws }
    spec:
      provider:
        aws: { service: SecretsManager, region: eu-west-1, role: '{{metadata.annotations.fleetwright.io/aws-role}}' }
`;

describe('a SecretStoreSet', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(['c1', 'c2']);
    for (const cluster of ['c1', 'c2']) {
      const metadata = {
        labels: { fleet: 'tenant' },
        annotations: { 'fleetwright.io/aws-role': `arn:role/${cluster}` },
      };
      await world.admin.patch(`/api/v1/namespaces/argocd/clusters/${cluster}`, { metadata });
    }
    await world.admin.apply([project('team-a'), storeSet('aws')].join('---'));
  });
  afterAll(() => world.stop());

  const storeOn = (cluster: string) =>
    world.fleet
      .cluster(cluster)
      .get({ group: 'external-secrets.io', kind: 'ClusterSecretStore', namespace: '', name: 'aws' });
  const roleOn = (cluster: string) => JSON.stringify(storeOn(cluster)?.['spec'] ?? null);

  it('gives every cluster a store of its own, with the role of that cluster', async () => {
    await eventually('a store on both clusters', async () => [
      roleOn('c1').includes('arn:role/c1') && roleOn('c2').includes('arn:role/c2'),
      [roleOn('c1'), roleOn('c2')],
    ]);
  });

  it('heals a store that is edited by hand: it would send secrets astray', async () => {
    world.fleet
      .cluster('c1')
      .edit({ group: 'external-secrets.io', kind: 'ClusterSecretStore', namespace: '', name: 'aws' }, (draft) => {
        draft['spec'] = { provider: { aws: { service: 'SecretsManager', region: 'elsewhere' } } };
      });
    await eventually('the store to be healed', async () => [
      roleOn('c1').includes('eu-west-1') && roleOn('c1').includes('arn:role/c1'),
      roleOn('c1'),
    ]);
  });

  it('refuses a second owner of the same store name on the same cluster', async () => {
    await world.admin.apply(storeSet('other'));
    await eventually('the refusal on the second set', async () => {
      const { status } = await world.get('secretstoresets', 'other');
      return [JSON.stringify(status?.conditions ?? '').includes('belongs to another set'), status];
    });
  });

  it('is refused at the API where its project does not permit the kind', async () => {
    await world.admin.apply(project('narrow').replace("group: '*', kind: '*'", "group: '', kind: Namespace"));
    const body = storeSet('narrow', 'narrow');
    const answer = await world.admin.send({ method: 'POST', path: '/api/v1/apply', type: 'application/yaml', body });
    expect(answer.status).toBe(403);
  });

  it('takes the store away from a cluster that loses its label, and from no other', async () => {
    await world.admin.send({ method: 'DELETE', path: '/api/v1/namespaces/argocd/secretstoresets/other' });
    await world.label('c2', { fleet: null });
    await eventually('the store to go from c2', async () => [storeOn('c2') === undefined, roleOn('c2')]);
    expect(storeOn('c1')).toBeDefined();
  });
});
