import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../src/kernel/object.js';
import type { VirtualCluster } from '../../src/simulator/virtual-cluster.js';
import { deployment } from '../support/manifests.js';
import { serveCluster } from '../support/virtual-fleet.js';

const CORE = '/api/v1/namespaces/default/events';
const NEWER = '/apis/events.k8s.io/v1/namespaces/default/events';

const told = (cluster: VirtualCluster): string[] =>
  cluster.list('', 'Event', 'default').map(({ involvedObject, reason }) => {
    return `${(involvedObject as { kind: string }).kind} ${String(reason)}`;
  });
const ofKind = (cluster: VirtualCluster, kind: string): KubernetesObject[] =>
  cluster.list('', 'Event').filter(({ involvedObject }) => (involvedObject as { kind: string }).kind === kind);

describe('Events', () => {
  it('tell what controllers, the scheduler and nodes do', async () => {
    const { cluster, timers } = await serveCluster();
    cluster.create(deployment('web'));
    timers.advance(1_000);
    expect(told(cluster).sort()).toEqual([
      'Deployment ScalingReplicaSet',
      ...['Created', 'Pulled', 'Scheduled', 'Started'].map((reason) => `Pod ${reason}`),
      'ReplicaSet SuccessfulCreate',
    ]);
    const [event] = ofKind(cluster, 'Deployment');
    expect(event).toMatchObject({
      involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'default' },
      ...{ type: 'Normal', count: 1, source: { component: 'deployment-controller' } },
      ...{ reportingComponent: 'deployment-controller', firstTimestamp: '2026-01-01T00:00:00Z' },
    });
  });

  it('are counted when the same happens again', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 100 });
    const metadata = { name: 'x', namespace: 'default' };
    const template = { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'main', image: 'a:1' }] } };
    const spec = { selector: { matchLabels: { app: 'x' } }, template };
    cluster.create({ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata, spec });
    timers.advance(5_000);
    cluster.delete({ group: '', kind: 'Pod', namespace: 'default', name: 'x-0' });
    timers.advance(5_000);
    expect(ofKind(cluster, 'StatefulSet')).toMatchObject([{ reason: 'SuccessfulCreate', count: 2 }]);
  });

  it('are told by both groups, each in its own words', async () => {
    const { api, cluster, timers } = await serveCluster();
    cluster.create(deployment('web'));
    timers.advance(1_000);
    const { body: core } = await api.get(`${CORE}?fieldSelector=involvedObject.kind%3DDeployment`);
    const { name } = core.items[0].metadata;
    expect((await api.get(`${NEWER}/${name}`)).body).toMatchObject({
      apiVersion: 'events.k8s.io/v1',
      regarding: { kind: 'Deployment', name: 'web' },
      note: core.items[0].message,
      reportingController: 'deployment-controller',
      deprecatedCount: 1,
    });
    const watch = await api.watch(`${NEWER}?watch=true&resourceVersion=${core.metadata.resourceVersion}`);
    const regarding = { kind: 'Pod', namespace: 'default', name: 'p' };
    const times = { eventTime: '2026-01-01T00:00:00Z', reportingController: 'me', reportingInstance: 'me-1' };
    const own = { metadata: { name: 'mine' }, regarding, note: 'hello', reason: 'Said', action: 'Say', ...times };
    expect(await api.post(NEWER, { ...own, type: 'Normal' })).toMatchObject({ code: 201, body: { note: 'hello' } });
    expect((await api.get(`${CORE}/mine`)).body).toMatchObject({ message: 'hello', involvedObject: regarding });
    expect(await watch.next()).toMatchObject({
      type: 'ADDED',
      object: { note: 'hello', apiVersion: 'events.k8s.io/v1' },
    });
    watch.close();
    expect((await api.delete(`${NEWER}/mine`)).code).toBe(200);
    expect((await api.get(`${CORE}/mine`)).code).toBe(404);
  });

  it('are kept for an hour, and no more than a thousand of them', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 100 });
    cluster.create(deployment('web', { spec: { replicas: 300 } }));
    timers.advance(10_000);
    expect(told(cluster).length).toBeLessThanOrEqual(1_000);
    timers.advance(3_600_000);
    cluster.create(deployment('other'));
    timers.advance(1_000);
    expect(told(cluster)).toHaveLength(6);
  });

  it('go with their namespace, which takes no new ones', async () => {
    const { cluster, timers } = await serveCluster();
    cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } });
    timers.advance();
    cluster.create(deployment('web', { namespace: 'team' }));
    timers.advance(1_000);
    cluster.delete({ group: '', kind: 'Namespace', namespace: '', name: 'team' });
    timers.advance(60_000);
    expect(cluster.get({ group: '', kind: 'Namespace', namespace: '', name: 'team' })).toBeUndefined();
    expect(cluster.list('', 'Event', 'team')).toEqual([]);
  });
});
