import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../src/kernel/object.js';
import type { VirtualCluster } from '../../src/simulator/virtual-cluster.js';
import { serveCluster } from '../support/virtual-fleet.js';

const containers = (image: string) => [{ name: 'main', image }];
const labelled = (image: string) => ({ metadata: { labels: { app: 'x' } }, spec: { containers: containers(image) } });
const selector = { matchLabels: { app: 'x' } };

function workload(kind: string, spec: object, image = 'a:1'): KubernetesObject {
  const metadata = { name: 'x', namespace: 'default' };
  return { apiVersion: 'apps/v1', kind, metadata, spec: { selector, template: labelled(image), ...spec } };
}

function job(spec: object, restartPolicy = 'Never', image = 'a:1'): KubernetesObject {
  const template = { spec: { restartPolicy, containers: containers(image) } };
  const metadata = { name: 'x', namespace: 'default' };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { template, ...spec } };
}

const idOf = (kind: string, group = 'apps') => ({ group, kind, namespace: 'default', name: 'x' });
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- statuses are read by path in assertions only
const statusOf = (cluster: VirtualCluster, kind: string, group = 'apps'): any =>
  cluster.get(idOf(kind, group))?.status ?? {};
const names = (cluster: VirtualCluster, kind = 'Pod'): string[] =>
  cluster.list('', kind, 'default').map(({ metadata }) => metadata.name);
const imagesOf = (cluster: VirtualCluster): Record<string, string> =>
  Object.fromEntries(
    cluster.list('', 'Pod', 'default').map(({ metadata, spec }) => {
      return [metadata.name, (spec as { containers: { image: string }[] }).containers[0]?.image ?? ''];
    }),
  );
const setImage = (cluster: VirtualCluster, kind: string, image: string): void => {
  cluster.edit(idOf(kind), (draft) => {
    (draft.spec as { template: object }).template = labelled(image);
  });
};

describe('a StatefulSet', () => {
  it('makes its pods one by one, each with a name, a host name and claims of its own', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 1_000 });
    const claim = { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } };
    cluster.create(workload('StatefulSet', { replicas: 3, serviceName: 'db', volumeClaimTemplates: [claim] }));
    timers.advance();
    expect(names(cluster)).toEqual(['x-0']);
    timers.advance(1_000);
    expect(names(cluster)).toEqual(['x-0', 'x-1']);
    timers.advance(2_000);
    expect(names(cluster)).toEqual(['x-0', 'x-1', 'x-2']);
    expect(names(cluster, 'PersistentVolumeClaim')).toEqual(['data-x-0', 'data-x-1', 'data-x-2']);
    const pod = cluster.get({ group: '', kind: 'Pod', namespace: 'default', name: 'x-1' });
    expect(pod?.metadata.labels).toMatchObject({
      'statefulset.kubernetes.io/pod-name': 'x-1',
      'apps.kubernetes.io/pod-index': '1',
      'controller-revision-hash': statusOf(cluster, 'StatefulSet').updateRevision,
    });
    expect(pod?.spec).toMatchObject({
      hostname: 'x-1',
      subdomain: 'db',
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data-x-1' } }],
    });
  });

  it('makes all at once when told to work in parallel, and takes the last away first', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 1_000 });
    cluster.create(workload('StatefulSet', { replicas: 3, podManagementPolicy: 'Parallel' }));
    timers.advance();
    expect(names(cluster)).toHaveLength(3);
    timers.advance(2_000);
    cluster.edit(idOf('StatefulSet'), (draft) => Object.assign(draft.spec as object, { replicas: 1 }));
    timers.advance(10_000);
    expect(names(cluster)).toEqual(['x-0']);
  });

  it('rolls out from the last pod down to the partition, and remembers both revisions', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 100 });
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 1 } };
    cluster.create(workload('StatefulSet', { replicas: 3, updateStrategy }));
    timers.advance(1_000);
    setImage(cluster, 'StatefulSet', 'a:2');
    timers.advance(1_000);
    expect(imagesOf(cluster)).toEqual({ 'x-0': 'a:1', 'x-1': 'a:2', 'x-2': 'a:2' });
    const { currentRevision, updateRevision, ...counts } = statusOf(cluster, 'StatefulSet');
    expect(currentRevision).not.toBe(updateRevision);
    expect(counts).toMatchObject({ currentReplicas: 1, updatedReplicas: 2, readyReplicas: 3, observedGeneration: 2 });
    cluster.delete({ group: '', kind: 'Pod', namespace: 'default', name: 'x-0' });
    timers.advance(1_000);
    expect(imagesOf(cluster)['x-0']).toBe('a:1');
    cluster.edit(idOf('StatefulSet'), (draft) => Object.assign(draft.spec as object, { updateStrategy: {} }));
    timers.advance(1_000);
    expect(Object.values(imagesOf(cluster))).toEqual(['a:2', 'a:2', 'a:2']);
    expect(statusOf(cluster, 'StatefulSet')).toMatchObject({ currentRevision: updateRevision, currentReplicas: 3 });
    expect(cluster.list('apps', 'ControllerRevision').map(({ revision }) => revision)).toHaveLength(2);
  });

  it('stops at a pod that cannot start, and leaves the others alone', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 100 });
    cluster.create(workload('StatefulSet', { replicas: 3 }));
    timers.advance(1_000);
    setImage(cluster, 'StatefulSet', 'registry.invalid/a:2');
    timers.advance(60_000);
    expect(Object.values(imagesOf(cluster))).toEqual(['a:1', 'a:1', 'registry.invalid/a:2']);
    expect(statusOf(cluster, 'StatefulSet')).toMatchObject({ readyReplicas: 2, updatedReplicas: 1, replicas: 3 });
  });
});

describe('a DaemonSet', () => {
  const nodesOf = (cluster: VirtualCluster): unknown[] =>
    cluster
      .list('', 'Pod')
      .map(({ spec }) => (spec as { nodeName: string }).nodeName)
      .sort();

  it('runs one pod on each node that fits, new ones among them', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 100 });
    cluster.create(workload('DaemonSet', {}));
    timers.advance(1_000);
    expect(nodesOf(cluster)).toEqual(['node-1', 'node-2', 'node-3']);
    const taints = [{ key: 'gpu', effect: 'NoSchedule' }];
    cluster.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-4' } });
    cluster.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-5' }, spec: { taints } });
    cluster.delete({ group: '', kind: 'Node', namespace: '', name: 'node-1' });
    timers.advance(1_000);
    expect(nodesOf(cluster)).toEqual(['node-2', 'node-3', 'node-4']);
    expect(statusOf(cluster, 'DaemonSet')).toMatchObject({ desiredNumberScheduled: 3, numberReady: 3 });
  });

  it('replaces pods node by node, and stops when the new ones do not start', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 100 });
    cluster.create(workload('DaemonSet', {}));
    timers.advance(1_000);
    setImage(cluster, 'DaemonSet', 'a:2');
    timers.advance();
    expect(statusOf(cluster, 'DaemonSet').numberReady).toBeGreaterThanOrEqual(2);
    timers.advance(2_000);
    expect(Object.values(imagesOf(cluster))).toEqual(['a:2', 'a:2', 'a:2']);
    setImage(cluster, 'DaemonSet', 'registry.invalid/a:3');
    timers.advance(60_000);
    expect(statusOf(cluster, 'DaemonSet')).toEqual({
      ...{ currentNumberScheduled: 3, desiredNumberScheduled: 3, numberMisscheduled: 0, observedGeneration: 3 },
      ...{ numberReady: 2, numberAvailable: 2, numberUnavailable: 1, updatedNumberScheduled: 1 },
    });
  });

  it('lets the new pod come first where the strategy has room for it', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 100 });
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
    cluster.create(workload('DaemonSet', { updateStrategy }));
    timers.advance(1_000);
    setImage(cluster, 'DaemonSet', 'a:2');
    for (let step = 0; step < 40; step++) {
      timers.advance(50);
      expect(statusOf(cluster, 'DaemonSet').numberReady).toBe(3);
    }
    expect(Object.values(imagesOf(cluster))).toEqual(['a:2', 'a:2', 'a:2']);
  });
});

describe('a pod', () => {
  const pod = (spec: object): KubernetesObject => {
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'x', namespace: 'default' },
      spec: { containers: containers('a:1'), ...spec },
    };
  };

  it('waits for a node that it selects', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 100 });
    cluster.create(pod({ nodeSelector: { disk: 'ssd' } }));
    timers.advance(1_000);
    expect(statusOf(cluster, 'Pod', '')).toMatchObject({
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }],
    });
    cluster.edit({ group: '', kind: 'Node', namespace: '', name: 'node-2' }, (node) => {
      node.metadata.labels = { ...node.metadata.labels, disk: 'ssd' };
    });
    timers.advance(1_000);
    expect(cluster.get(idOf('Pod', ''))).toMatchObject({ spec: { nodeName: 'node-2' }, status: { phase: 'Running' } });
  });

  it('backs off from a container that ends with an error, until it is mended', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 100 });
    cluster.crashImage('a:1');
    cluster.create(pod({}));
    timers.advance(1_000);
    expect(statusOf(cluster, 'Pod', '').containerStatuses).toMatchObject([
      { state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 1 } }, ready: false },
    ]);
    cluster.mendImage('a:1');
    timers.advance(1_000);
    expect(statusOf(cluster, 'Pod', '').containerStatuses).toMatchObject([{ ready: true }]);
  });
});

describe('a fleet that is to be cheap', () => {
  it.each([
    ['StatefulSet', workload('StatefulSet', { replicas: 2 })],
    ['DaemonSet', workload('DaemonSet', {})],
    ['Job', job({})],
  ])('fills in the status of a %s without pods or Events', async (kind, object) => {
    const { cluster, timers } = await serveCluster({ runsPods: false });
    cluster.create(object);
    timers.advance(2_000);
    const [live] = cluster.list(kind === 'Job' ? 'batch' : 'apps', kind);
    expect(live?.status).toBeDefined();
    expect([names(cluster), names(cluster, 'Event')]).toEqual([[], []]);
  });
});
