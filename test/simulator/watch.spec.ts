import { describe, expect, it } from 'vitest';
import { configMap } from '../support/manifests.js';
import { serveCluster } from '../support/virtual-fleet.js';

const MAPS = '/api/v1/namespaces/default/configmaps';

function labelled(name: string, tier: string) {
  return { ...configMap(name), metadata: { name, namespace: 'default', labels: { tier } } };
}

describe('a watch', () => {
  it('resumes after the version it names and follows every change', async () => {
    const { api } = await serveCluster();
    await api.post(MAPS, configMap('before'));
    const { body: list } = await api.get(MAPS);
    await api.post(MAPS, configMap('between'));
    const watch = await api.watch(`${MAPS}?watch=true&resourceVersion=${list.metadata.resourceVersion}`);
    await api.patch(`${MAPS}/between`, { data: { a: '1' } });
    await api.delete(`${MAPS}/before`);
    expect(await watch.take(3)).toEqual(['ADDED between', 'MODIFIED between', 'DELETED before']);
    watch.close();
  });

  it('starts from the present state when it names no version', async () => {
    const { api } = await serveCluster();
    await api.post(MAPS, configMap('a'));
    const watch = await api.watch(`${MAPS}?watch=true`);
    expect(await watch.take(2)).toEqual(['ADDED a', 'ADDED kube-root-ca.crt']);
    watch.close();
  });

  it('marks the end of the present state for a client that asks so', async () => {
    const { api } = await serveCluster();
    const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const watch = await api.watch(`${MAPS}?${query}`);
    expect(await watch.take(1)).toEqual(['ADDED kube-root-ca.crt']);
    expect(await watch.next()).toMatchObject({
      type: 'BOOKMARK',
      object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    });
    watch.close();
  });

  it('shows an object that leaves its selector as deleted, and one that enters as added', async () => {
    const { api, cluster } = await serveCluster();
    await api.post(MAPS, labelled('a', 'x'));
    const watch = await api.watch(`${MAPS}?watch=true&labelSelector=tier%3Dx&resourceVersion=${cluster.store.version}`);
    await api.patch(`${MAPS}/a`, { metadata: { labels: { tier: 'y' } } });
    await api.patch(`${MAPS}/a`, { data: { unseen: '1' } });
    await api.patch(`${MAPS}/a`, { metadata: { labels: { tier: 'x' } } });
    const left = await watch.next();
    expect(left).toMatchObject({ type: 'DELETED', object: { metadata: { labels: { tier: 'x' } } } });
    expect(await watch.take(1)).toEqual(['ADDED a']);
    watch.close();
  });

  it('sees one namespace, one name, or all', async () => {
    const { api, cluster } = await serveCluster();
    const since = `watch=true&resourceVersion=${cluster.store.version}`;
    const all = await api.watch(`/api/v1/configmaps?${since}`);
    const named = await api.watch(`${MAPS}?${since}&fieldSelector=metadata.name%3Db`);
    await api.post('/api/v1/namespaces/kube-system/configmaps', configMap('a', {}, 'kube-system'));
    await api.post(MAPS, configMap('b'));
    expect(await all.take(2)).toEqual(['ADDED a', 'ADDED b']);
    expect(await named.take(1)).toEqual(['ADDED b']);
    all.close();
    named.close();
  });

  it('answers Expired when its version is older than what is kept', async () => {
    const { api, cluster } = await serveCluster();
    const { body: made } = await api.post(MAPS, configMap('a'));
    await api.post(MAPS, configMap('b'));
    cluster.store.compact();
    const watch = await api.watch(`${MAPS}?watch=true&resourceVersion=${made.metadata.resourceVersion}`);
    expect(await watch.next()).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
    expect(await watch.next()).toBeUndefined();
  });

  it('keeps a bounded window of changes', async () => {
    const { api, cluster } = await serveCluster({ keptChanges: 5 });
    const { version } = cluster.store;
    for (let n = 0; n < 12; n++) await api.post(MAPS, configMap(`m${n}`));
    expect(() => cluster.store.changesSince(version)).toThrowError(
      expect.objectContaining({ code: 'EXPIRED' }) as Error,
    );
    expect(cluster.store.changesSince(version + 8)).toHaveLength(4);
  });

  it('sends bookmarks while nothing happens, and a last one when its time is up', async () => {
    const { api, cluster, timers } = await serveCluster();
    const { version } = cluster.store;
    const query = `watch=true&allowWatchBookmarks=true&timeoutSeconds=90&resourceVersion=${version}`;
    const watch = await api.watch(`${MAPS}?${query}`);
    timers.advance(60_000);
    expect(await watch.next()).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { resourceVersion: String(version) } },
    });
    timers.advance(30_000);
    expect(await watch.next()).toMatchObject({ type: 'BOOKMARK' });
    expect(await watch.next()).toBeUndefined();
  });

  it('ends when the cluster drops its watches, and leaves nothing behind when the reader goes', async () => {
    const { api, cluster } = await serveCluster();
    const dropped = await api.watch(`${MAPS}?watch=true&resourceVersion=${cluster.store.version}`);
    cluster.watches.drop();
    expect(await dropped.next()).toBeUndefined();
    expect(cluster.watches.size).toBe(0);
  });
});
