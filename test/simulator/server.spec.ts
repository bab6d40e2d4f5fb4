import { describe, expect, it } from 'vitest';
import { SimulatorServer } from '../../src/simulator/simulator-server.js';
import { VirtualCluster } from '../../src/simulator/virtual-cluster.js';
import { configMap } from '../support/manifests.js';
import { KubernetesApi } from '../support/kubernetes-api.js';
import { serveCluster } from '../support/virtual-fleet.js';

const MAPS = '/api/v1/namespaces/default/configmaps';

describe('discovery', () => {
  it('names the version, the groups and their resources', async () => {
    const { api } = await serveCluster({ kubernetesVersion: 'v1.34.2' });
    expect((await api.get('/version')).body).toMatchObject({ major: '1', minor: '34', gitVersion: 'v1.34.2' });
    expect((await api.get('/api')).body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    const { body: groups } = await api.get('/apis');
    expect(groups.groups).toContainEqual({
      name: 'apps',
      versions: [{ groupVersion: 'apps/v1', version: 'v1' }],
      preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
    });
    const { body: core } = await api.get('/api/v1');
    expect(core.resources).toContainEqual(
      expect.objectContaining({ name: 'configmaps', kind: 'ConfigMap', namespaced: true }),
    );
    expect(core.resources).toContainEqual(expect.objectContaining({ name: 'namespaces/status', namespaced: false }));
  });

  it('answers in one request to a client that asks so', async () => {
    const { api } = await serveCluster();
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const { body, headers } = await api.get('/apis', { accept });
    expect(headers.get('content-type')).toContain('as=APIGroupDiscoveryList');
    const apps = body.items.find((item: { metadata: { name: string } }) => item.metadata.name === 'apps');
    expect(apps.versions[0].resources).toContainEqual(
      expect.objectContaining({ resource: 'deployments', scope: 'Namespaced' }),
    );
  });

  it('answers NotFound where nothing is served', async () => {
    const { api } = await serveCluster();
    for (const path of [
      '/apis/nothing.io',
      '/apis/apps/v9/deployments',
      '/api/v1/unknown',
      '/metrics',
      `${MAPS}/a/b/c`,
    ]) {
      expect(await api.get(path), path).toMatchObject({ code: 404, body: { kind: 'Status', reason: 'NotFound' } });
    }
  });
});

describe('the server', () => {
  it('keeps the clusters of one port apart, each behind its own token', async () => {
    const server = new SimulatorServer();
    const [one, two] = [new VirtualCluster({ name: 'one' }), new VirtualCluster({ name: 'two' })];
    server.add(one);
    server.add(two);
    await server.listen();
    try {
      const api = new KubernetesApi(server.urlOf('one'), one.token);
      expect((await api.post(MAPS, configMap('a'))).code).toBe(201);
      expect(two.list('', 'ConfigMap', 'default').map(({ metadata }) => metadata.name)).not.toContain('a');
      const stranger = new KubernetesApi(server.urlOf('two'), one.token);
      expect(await stranger.get(MAPS)).toMatchObject({ code: 401, body: { reason: 'Unauthorized' } });
      expect((await new KubernetesApi(server.kubectlUrlOf('two'), '').get(MAPS)).code).toBe(200);
      expect((await new KubernetesApi(server.urlOf('none'), '').get(MAPS)).code).toBe(404);
    } finally {
      await server.close();
    }
  });

  it('counts requests and the writes that stored something', async () => {
    const { api, cluster } = await serveCluster();
    await api.apply(`${MAPS}/a`, configMap('a'));
    await api.apply(`${MAPS}/a`, configMap('a'));
    await api.apply(`${MAPS}/b`, configMap('b'), 'fleet', '&dryRun=All');
    await api.get(MAPS);
    expect(cluster.counters).toEqual({ requests: 4, writes: 1, byVerb: { patch: 3, list: 1 } });
  });

  it('meets planted faults as often as asked', async () => {
    const { api, cluster } = await serveCluster();
    cluster.faults.plant({ status: 503, matches: (method) => method === 'PATCH' }, 2);
    expect((await api.get(MAPS)).code).toBe(200);
    const codes = [];
    for (let n = 0; n < 3; n++) codes.push((await api.apply(`${MAPS}/a`, configMap('a'))).code);
    expect(codes).toEqual([503, 503, 201]);
  });

  it('refuses a body that is too large', async () => {
    const { api } = await serveCluster();
    const { code } = await api.post(MAPS, configMap('a', { x: 'x'.repeat(4 * 1024 * 1024) }));
    expect(code).toBe(413);
  });
});
