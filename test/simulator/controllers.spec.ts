import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../src/kernel/object.js';
import { SETTLES } from '../../src/simulator/controllers/status-controller.js';
import { deployment } from '../support/manifests.js';
import { serveCluster } from '../support/virtual-fleet.js';

const WEB = { group: 'apps', kind: 'Deployment', namespace: 'default', name: 'web' };

const conditionsOf = (object: KubernetesObject | undefined): Record<string, string> => {
  const { conditions = [] } = (object?.status ?? {}) as { conditions?: { type: string; status: string }[] };
  return Object.fromEntries(conditions.map(({ type, status }) => [type, status]));
};

describe('Deployments', () => {
  it('are seen at once and become ready after a while', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 1_000 });
    cluster.create(deployment('web', { spec: { replicas: 2 } }));
    timers.advance();
    expect(cluster.get(WEB)?.status).toMatchObject({ observedGeneration: 1, unavailableReplicas: 2 });
    expect(conditionsOf(cluster.get(WEB))).toEqual({ Available: 'False', Progressing: 'True' });
    timers.advance(1_000);
    expect(cluster.get(WEB)?.status).toMatchObject({ readyReplicas: 2, availableReplicas: 2, updatedReplicas: 2 });
    expect(conditionsOf(cluster.get(WEB))).toEqual({ Available: 'True', Progressing: 'True' });
  });

  it('roll out again when the spec changes, and rest when it does not', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 1_000 });
    cluster.apply(deployment('web'), 'fleet');
    timers.advance(1_000);
    const settled = cluster.get(WEB);
    timers.advance(60_000);
    expect(cluster.get(WEB)).toBe(settled);
    cluster.apply(deployment('web', { image: 'nginx:2' }), 'fleet');
    timers.advance();
    expect(cluster.get(WEB)?.status).toMatchObject({ observedGeneration: 2, unavailableReplicas: 1 });
    timers.advance(1_000);
    expect(cluster.get(WEB)?.status).toMatchObject({ observedGeneration: 2, readyReplicas: 1 });
  });

  it('are ready at once where no delay is asked for', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 0 });
    cluster.create(deployment('web'));
    timers.advance();
    expect(cluster.get(WEB)?.status).toMatchObject({ readyReplicas: 1 });
  });

  it('stay where they are when told never to settle', async () => {
    const { cluster, timers } = await serveCluster();
    const stuck = deployment('web');
    stuck.metadata.annotations = { [SETTLES]: 'never' };
    cluster.create(stuck);
    timers.advance(60_000);
    expect(conditionsOf(cluster.get(WEB))).toMatchObject({ Available: 'False' });
  });

  it('have their status owned by the controller, so that an apply does not meet it', async () => {
    const { cluster, timers } = await serveCluster();
    cluster.apply(deployment('web'), 'fleet');
    timers.advance(1_000);
    const entries = cluster.get(WEB)?.metadata.managedFields ?? [];
    expect(entries.map(({ manager, subresource }) => [manager, subresource])).toEqual([
      ['fleet', undefined],
      ['kube-controller-manager', 'status'],
    ]);
    expect(cluster.apply(deployment('web'), 'fleet')).toBe(cluster.get(WEB));
  });
});

describe('other controllers', () => {
  const template = { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'main', image: 'a:1' }] } };
  const selector = { matchLabels: { app: 'x' } };

  it.each([
    ['apps/v1', 'StatefulSet', { selector, template, replicas: 2 }, { readyReplicas: 2, availableReplicas: 2 }],
    ['apps/v1', 'DaemonSet', { selector, template }, { desiredNumberScheduled: 3, numberAvailable: 3 }],
    ['apps/v1', 'ReplicaSet', { selector, template }, { readyReplicas: 1 }],
    [
      'batch/v1',
      'Job',
      { template: { spec: { ...template.spec, restartPolicy: 'Never' } } },
      { succeeded: 1, completionTime: '2026-01-01T00:00:01Z' },
    ],
    ['v1', 'Pod', { containers: [{ name: 'main', image: 'a:1' }] }, { phase: 'Running' }],
    ['v1', 'Pod', { restartPolicy: 'Never', containers: [{ name: 'main', image: 'a:1' }] }, { phase: 'Succeeded' }],
    ['v1', 'PersistentVolumeClaim', { accessModes: ['ReadWriteOnce'] }, { phase: 'Bound' }],
    ['v1', 'Service', { type: 'LoadBalancer', ports: [{ port: 80 }] }, { loadBalancer: { ingress: [{}] } }],
    ['networking.k8s.io/v1', 'Ingress', { rules: [{ host: 'a.example' }] }, { loadBalancer: { ingress: [{}] } }],
  ])('settle a %s %s', async (apiVersion, kind, spec, status) => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 1_000 });
    cluster.create({ apiVersion, kind, metadata: { name: 'x', namespace: 'default' }, spec });
    timers.advance(2_000);
    const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
    expect(cluster.get({ group, kind, namespace: 'default', name: 'x' })?.status).toMatchObject(status);
  });
});

describe('External Secrets Operator', () => {
  const store = {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ClusterSecretStore',
    metadata: { name: 'aws' },
    spec: { provider: { aws: { service: 'SecretsManager', region: 'eu-west-1' } } },
  };
  const secret = {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name: 'db', namespace: 'default' },
    spec: { secretStoreRef: { kind: 'ClusterSecretStore', name: 'aws' }, data: [] },
  };
  const group = 'external-secrets.io';
  const DB = { group, kind: 'ExternalSecret', namespace: 'default', name: 'db' };

  it('finds a store valid and a secret synced once its store is', async () => {
    const { cluster, timers } = await serveCluster();
    cluster.create(secret);
    timers.advance(1_000);
    expect(conditionsOf(cluster.get(DB))).toEqual({ Ready: 'False' });
    cluster.create(store);
    timers.advance(1_000);
    const ready = cluster.get({ group, kind: 'ClusterSecretStore', namespace: '', name: 'aws' })?.status;
    expect(ready).toMatchObject({ conditions: [{ type: 'Ready', status: 'True', reason: 'Valid' }] });
    timers.advance(1_000);
    expect(cluster.get(DB)?.status).toMatchObject({ conditions: [{ status: 'True', reason: 'SecretSynced' }] });
    expect(cluster.list('', 'Secret')).toEqual([]);
  });

  it('reads a secret again when its interval is over, and at once when it was changed', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 100 });
    cluster.create(store);
    timers.advance(1_000);
    cluster.create({ ...secret, spec: { ...secret.spec, refreshInterval: '10m' } });
    timers.advance(2_000);
    const refreshed = (): unknown => (cluster.get(DB)?.status as { refreshTime?: string }).refreshTime;
    expect(refreshed()).toBe('2026-01-01T00:00:01Z');
    timers.advance(540_000);
    expect(refreshed()).toBe('2026-01-01T00:00:01Z');
    timers.advance(120_000);
    expect(refreshed()).toBe('2026-01-01T00:10:01Z');
    cluster.edit(DB, (draft) => Object.assign(draft.spec as object, { refreshInterval: '0' }));
    timers.advance(7_200_000);
    expect(refreshed()).toBe('2026-01-01T00:11:03Z');
    expect(cluster.list('', 'Secret')).toEqual([]);
  });

  it('is back from a failed provider with the time of its last reading kept meanwhile', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 100 });
    cluster.create(store);
    cluster.create(secret);
    timers.advance(2_000);
    const { refreshTime } = cluster.get(DB)?.status as { refreshTime?: string };
    cluster.breakStore('aws');
    timers.advance(10_000);
    expect(cluster.get(DB)?.status).toMatchObject({ refreshTime, conditions: [{ reason: 'SecretSyncedError' }] });
    cluster.mendStore('aws');
    timers.advance(10_000);
    expect(conditionsOf(cluster.get(DB))).toEqual({ Ready: 'True' });
  });

  it('pushes a secret when every store it names is ready, and accepts the cluster-wide kind', async () => {
    const { cluster, timers } = await serveCluster({ readyAfterMs: 100 });
    const secretStoreRefs = [{ kind: 'ClusterSecretStore', name: 'aws' }];
    const push = { apiVersion: `${group}/v1alpha1`, kind: 'PushSecret', metadata: { name: 'p', namespace: 'default' } };
    const wide = { apiVersion: `${group}/v1`, kind: 'ClusterExternalSecret', metadata: { name: 'w' } };
    cluster.create({ ...push, spec: { secretStoreRefs } });
    cluster.create({ ...wide, spec: { externalSecretSpec: secret.spec } });
    timers.advance(1_000);
    const status = (kind: string) => conditionsOf(cluster.list(group, kind)[0]);
    expect([status('PushSecret'), status('ClusterExternalSecret')]).toEqual([{ Ready: 'False' }, { Ready: 'True' }]);
    cluster.create(store);
    timers.advance(2_000);
    expect(status('PushSecret')).toEqual({ Ready: 'True' });
  });

  it('is not served by a cluster without it', async () => {
    const { api } = await serveCluster({ externalSecrets: false });
    expect((await api.get('/apis/external-secrets.io/v1/clustersecretstores')).code).toBe(404);
  });
});
