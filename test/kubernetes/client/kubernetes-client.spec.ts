import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../../src/kernel/object.js';
import { CONFIG_MAPS, resourcePath } from '../../../src/kubernetes/client/api-resource.js';
import { tokenConnection } from '../../../src/kubernetes/client/connection.js';
import { discover, serverVersion } from '../../../src/kubernetes/client/discovery.js';
import { KubernetesApiError } from '../../../src/kubernetes/client/kubernetes-api-error.js';
import { KubernetesClient } from '../../../src/kubernetes/client/kubernetes-client.js';
import { watchResource } from '../../../src/kubernetes/client/resource-watch.js';
import { SimulatorServer } from '../../../src/simulator/simulator-server.js';
import { VirtualCluster } from '../../../src/simulator/virtual-cluster.js';
import { configMap } from '../../support/manifests.js';
import { until } from '../../support/until.js';

describe('the Kubernetes client', () => {
  let simulator: SimulatorServer;
  let cluster: VirtualCluster;
  let client: KubernetesClient;
  beforeEach(async () => {
    simulator = new SimulatorServer();
    await simulator.listen();
    cluster = new VirtualCluster({ name: 'berlin', keptChanges: 5 });
    simulator.add(cluster);
    client = new KubernetesClient(tokenConnection(simulator.urlOf('berlin'), cluster.token));
  });
  afterEach(async () => {
    await client.close();
    await simulator.close();
  });

  it('keeps fields that it does not know', async () => {
    const store = {
      apiVersion: 'external-secrets.io/v1',
      kind: 'SecretStore',
      metadata: { name: 'aws', namespace: 'default' },
      spec: { futureField: { a: 1 } },
    };
    const [group, kind] = ['external-secrets.io', 'SecretStore'];
    const resource = { group, version: 'v1', kind, resource: 'secretstores', namespaced: true };
    const applied = await client.apply(resource, store as KubernetesObject);
    expect(applied.spec).toMatchObject({ futureField: { a: 1 } });
    expect(applied.metadata.managedFields?.[0]).toMatchObject({ manager: 'fleetwright', operation: 'Apply' });
  });

  it('writes nothing in a dry run', async () => {
    await client.apply(CONFIG_MAPS, configMap('one'), { dryRun: true });
    expect(await client.get(CONFIG_MAPS, 'default', 'one')).toBeUndefined();
  });

  it('reads a list of many pages whole', async () => {
    for (let index = 0; index < 1100; index += 1) cluster.create(configMap(`map-${index}`));
    const list = await client.list(CONFIG_MAPS, { namespace: 'default' });
    const ours = list.items.filter(({ metadata }) => metadata.name.startsWith('map-'));
    expect(new Set(ours.map(({ metadata }) => metadata.name)).size).toBe(1100);
    expect(ours[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
  });

  it('patches, and deletes only the object that was looked at', async () => {
    const { metadata } = await client.create(CONFIG_MAPS, configMap('one', { a: '1' }));
    const place = { namespace: 'default', name: 'one' };
    expect((await client.patch(CONFIG_MAPS, place, { data: { b: '2' } })).data).toEqual({ a: '1', b: '2' });
    const stale = client.delete(CONFIG_MAPS, place, { preconditions: { resourceVersion: metadata.resourceVersion } });
    await expect(stale).rejects.toMatchObject({ status: 409 });
    expect(await client.delete(CONFIG_MAPS, place)).toBe(true);
    expect(await client.delete(CONFIG_MAPS, place)).toBe(false);
  });

  it('tells refusals by status and reason', async () => {
    await client.create(CONFIG_MAPS, configMap('one'));
    const again = await client.create(CONFIG_MAPS, configMap('one')).catch((error: unknown) => error);
    expect(again).toBeInstanceOf(KubernetesApiError);
    expect(again).toMatchObject({ status: 409, reason: 'AlreadyExists' });
  });

  it('cannot be led to another path by a name', () => {
    expect(resourcePath(CONFIG_MAPS, { namespace: '..', name: '../secrets/key' })).toBe(
      '/api/v1/namespaces/%2E%2E/configmaps/..%2Fsecrets%2Fkey',
    );
  });

  it('discovers what is served with scopes, and says what could not be read', async () => {
    const whole = await discover(client);
    expect(whole.failures).toEqual([]);
    expect(whole.resources).toContainEqual({
      group: '',
      version: 'v1',
      kind: 'Namespace',
      resource: 'namespaces',
      namespaced: false,
    });
    cluster.faults.plant({ status: 503, matches: (_, path) => path.endsWith('/apis/apps/v1') });
    const partial = await discover(client);
    expect(partial.failures).toHaveLength(1);
    expect(partial.resources.some(({ group }) => group === 'apps')).toBe(false);
    expect(await serverVersion(client)).toMatch(/^v1\./);
  });

  describe('watching', () => {
    let stop: AbortController;
    let seen: string[];
    let lists: number;
    let failures: number;
    afterEach(() => stop.abort());
    beforeEach(async () => {
      stop = new AbortController();
      [seen, lists, failures] = [[], 0, 0];
      cluster.create(configMap('before'));
      const note = (word: string) => (object: KubernetesObject) => void seen.push(`${word} ${object.metadata.name}`);
      void watchResource(client, CONFIG_MAPS, {
        signal: stop.signal,
        random: () => 0,
        onList: (objects) => {
          lists += 1;
          seen.push(`list ${objects.length}`);
        },
        onChange: note('change'),
        onDelete: note('delete'),
        onFailure: () => (failures += 1),
      });
      await until(
        () => (lists > 0 && cluster.counters.requests > 1 ? true : undefined),
        () => 'the watch has begun',
      );
    });
    const sees = (text: string) =>
      until(
        () => (seen.includes(text) ? true : undefined),
        () => `${text} in ${seen.join(', ')}`,
      );

    it('lists, then follows changes', async () => {
      cluster.create(configMap('one'));
      await sees('change one');
      cluster.delete({ group: '', kind: 'ConfigMap', namespace: 'default', name: 'one' });
      await sees('delete one');
      expect(lists).toBe(1);
    });

    it('goes on where it was when the stream breaks', async () => {
      cluster.create(configMap('one'));
      await sees('change one');
      cluster.watches.drop();
      cluster.create(configMap('two'));
      await sees('change two');
      expect(lists).toBe(1);
    });

    it('lists again when its version is too old', async () => {
      cluster.faults.plant({ status: 500 }, 2);
      cluster.watches.drop();
      for (let index = 0; index < 30; index += 1) cluster.create(configMap(`map-${index}`));
      await until(
        () => (lists > 1 ? true : undefined),
        () => `a second list; ${failures} failures`,
      );
      cluster.create(configMap('after'));
      await sees('change after');
    });
  });
});
