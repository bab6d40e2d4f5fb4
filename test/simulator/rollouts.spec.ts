import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../src/kernel/object.js';
import type { VirtualCluster } from '../../src/simulator/virtual-cluster.js';
import { deployment } from '../support/manifests.js';
import { serveCluster } from '../support/virtual-fleet.js';

const WEB = { group: 'apps', kind: 'Deployment', namespace: 'default', name: 'web' };

const replicas = (count: number, more: object = {}) => ({ spec: { replicas: count, ...more } });
const podsOf = (cluster: VirtualCluster): KubernetesObject[] => cluster.list('', 'Pod', 'default');
const setsOf = (cluster: VirtualCluster): KubernetesObject[] => cluster.list('apps', 'ReplicaSet', 'default');
const imagesOf = (cluster: VirtualCluster): string[] =>
  podsOf(cluster)
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ spec }) => (spec as { containers: { image: string }[] }).containers[0]?.image ?? '');

function progressOf(cluster: VirtualCluster): string[] {
  const { conditions = [] } = cluster.get(WEB)?.status as { conditions?: Record<string, string>[] };
  return conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`);
}

describe('a Deployment', () => {
  it('runs through a ReplicaSet and pods that it owns, by a hash of the template', async () => {
    const { cluster, timers } = await serveCluster();
    cluster.create(deployment('web', replicas(2)));
    timers.advance(1_000);
    const [set] = setsOf(cluster);
    expect(set?.metadata).toMatchObject({
      ownerReferences: [{ kind: 'Deployment', name: 'web', controller: true, blockOwnerDeletion: true }],
      annotations: { 'deployment.kubernetes.io/revision': '1' },
    });
    const hash = set?.metadata.labels?.['pod-template-hash'];
    expect(set?.metadata.name).toBe(`web-${hash}`);
    expect(podsOf(cluster)).toHaveLength(2);
    for (const pod of podsOf(cluster)) {
      expect(pod.metadata).toMatchObject({ labels: { app: 'web', 'pod-template-hash': hash } });
      expect(pod.metadata.ownerReferences).toMatchObject([{ kind: 'ReplicaSet', uid: set?.metadata.uid }]);
      expect(pod).toMatchObject({ spec: { nodeName: expect.stringMatching(/^node-/) }, status: { phase: 'Running' } });
    }
    expect(cluster.get(WEB)?.metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '1' });
  });

  it('replaces pods step by step, never below what it allows to be missing', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 100 });
    cluster.create(deployment('web', replicas(4)));
    timers.advance(1_000);
    cluster.apply(deployment('web', { image: 'nginx:2', ...replicas(4) }), 'kubectl', true);
    const seen: number[] = [];
    for (let step = 0; step < 20; step++) {
      seen.push(Number((cluster.get(WEB)?.status as { availableReplicas: number }).availableReplicas));
      timers.advance(50);
    }
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(3);
    expect(imagesOf(cluster)).toEqual(['nginx:2', 'nginx:2', 'nginx:2', 'nginx:2']);
    expect(
      setsOf(cluster)
        .map(({ spec }) => (spec as { replicas: number }).replicas)
        .sort(),
    ).toEqual([0, 4]);
    expect(progressOf(cluster)).toEqual([
      'Available=True MinimumReplicasAvailable',
      'Progressing=True NewReplicaSetAvailable',
    ]);
  });

  it('lets the old go before the new come when it is to recreate them', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 100 });
    const spec = { strategy: { type: 'Recreate' } };
    cluster.create(deployment('web', replicas(2, spec)));
    timers.advance(1_000);
    cluster.apply(deployment('web', { image: 'nginx:2', ...replicas(2, spec) }), 'kubectl', true);
    timers.advance();
    expect(imagesOf(cluster)).not.toContain('nginx:1');
    timers.advance(1_000);
    expect(imagesOf(cluster)).toEqual(['nginx:2', 'nginx:2']);
  });

  it('fails when its image cannot be pulled: the old pods stay, and the deadline is told', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 100 });
    cluster.create(deployment('web', replicas(2)));
    timers.advance(1_000);
    cluster.breakImage('nginx:2');
    const broken = deployment('web', { image: 'nginx:2', ...replicas(2, { progressDeadlineSeconds: 30 }) });
    cluster.apply(broken, 'kubectl', true);
    timers.advance(10_000);
    expect(imagesOf(cluster).sort()).toEqual(['nginx:1', 'nginx:1', 'nginx:2']);
    const waiting = podsOf(cluster).find(({ status }) => (status as { phase: string }).phase === 'Pending');
    expect(waiting?.status).toMatchObject({
      containerStatuses: [{ state: { waiting: { reason: 'ImagePullBackOff' } } }],
    });
    expect(progressOf(cluster)).toContain('Progressing=True ReplicaSetUpdated');
    timers.advance(60_000);
    expect(progressOf(cluster)).toEqual([
      'Available=True MinimumReplicasAvailable',
      'Progressing=False ProgressDeadlineExceeded',
    ]);
    cluster.mendImage('nginx:2');
    timers.advance(1_000);
    expect(imagesOf(cluster)).toEqual(['nginx:2', 'nginx:2']);
    expect(progressOf(cluster)).toContain('Progressing=True NewReplicaSetAvailable');
  });

  it('makes a deleted pod anew, which stops within its grace period', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 1_000 });
    cluster.create(deployment('web'));
    timers.advance(2_000);
    const name = podsOf(cluster)[0]?.metadata.name ?? '';
    cluster.delete({ group: '', kind: 'Pod', namespace: 'default', name });
    timers.advance();
    expect(podsOf(cluster)).toHaveLength(2);
    const dying = cluster.get({ group: '', kind: 'Pod', namespace: 'default', name });
    expect(dying?.metadata).toMatchObject({
      deletionGracePeriodSeconds: 30,
      deletionTimestamp: '2026-01-01T00:00:32Z',
    });
    timers.advance(2_000);
    expect(podsOf(cluster).map(({ metadata }) => metadata.name)).not.toContain(name);
    expect(podsOf(cluster)).toHaveLength(1);
  });

  it('is deleted with its pods, in the foreground after them, or leaves them to the next of its name', async () => {
    for (const propagationPolicy of ['Background', 'Foreground', 'Orphan'] as const) {
      const { cluster, timers } = await serveCluster({ readyAfterMs: 100 });
      cluster.create(deployment('web'));
      timers.advance(1_000);
      cluster.delete(WEB, { propagationPolicy });
      timers.advance();
      expect(cluster.get(WEB) === undefined, propagationPolicy).toBe(propagationPolicy !== 'Foreground');
      timers.advance(1_000);
      const [set] = setsOf(cluster);
      expect([cluster.get(WEB), podsOf(cluster).length]).toEqual([undefined, set === undefined ? 0 : 1]);
      expect(set !== undefined, propagationPolicy).toBe(propagationPolicy === 'Orphan');
      cluster.create(deployment('web'));
      timers.advance(1_000);
      expect(podsOf(cluster)).toHaveLength(1);
      if (set) expect(setsOf(cluster)[0]?.metadata.uid).toBe(set.metadata.uid);
    }
  });

  it('is counted without pods where a fleet is to be cheap', async () => {
    const { cluster, timers } = await serveCluster({ runsPods: false });
    cluster.create(deployment('web', replicas(2)));
    timers.advance(1_000);
    expect(cluster.get(WEB)?.status).toMatchObject({ readyReplicas: 2 });
    expect(podsOf(cluster)).toEqual([]);
  });
});

describe('logs', () => {
  const POD = '/api/v1/namespaces/default/pods/p';
  const pod = (names: string[]): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default' },
    spec: { containers: names.map((name) => ({ name, image: 'a:1' })) },
  });

  it('are what a container printed, the last lines of it when asked', async () => {
    const { cluster, api, timers } = await serveCluster();
    const made = cluster.create(pod(['main']));
    expect(await api.get(`${POD}/log`)).toMatchObject({ code: 400, body: { reason: 'BadRequest' } });
    timers.advance(1_000);
    cluster.logs.print(made, 'main', 'one');
    cluster.logs.print(made, 'main', 'two');
    expect((await api.get(`${POD}/log`)).body).toBe('main of p started\none\ntwo\n');
    expect((await api.get(`${POD}/log?tailLines=1&timestamps=true`)).body).toBe('2026-01-01T00:00:01Z two\n');
  });

  it('need a container’s name where there are several', async () => {
    const { cluster, api, timers } = await serveCluster();
    cluster.create(pod(['main', 'side']));
    timers.advance(1_000);
    expect((await api.get(`${POD}/log`)).body.message).toContain('choose one of: [main side]');
    expect((await api.get(`${POD}/log?container=side`)).body).toBe('side of p started\n');
    expect((await api.get(`${POD}/log?container=none`)).code).toBe(400);
  });
});
