import { describe, expect, it } from 'vitest';
import { applicationHealth } from '../../../src/applications/domain/health/application-health.js';
import { assessHealth } from '../../../src/applications/domain/health/assess-health.js';
import type { KubernetesObject } from '../../../src/kernel/object.js';

type Fields = Record<string, unknown>;

function live(type: string, fields: { spec?: Fields; status?: Fields; metadata?: Fields }): KubernetesObject {
  const [apiVersion = '', kind = ''] = type.split(' ');
  return { apiVersion, kind, ...fields, metadata: { name: 'one', generation: 2, ...fields.metadata } };
}

const DEPLOYMENT = 'apps/v1 Deployment';
const STATEFUL_SET = 'apps/v1 StatefulSet';
const observed = { observedGeneration: 2 };
const rolledOut = { ...observed, updatedReplicas: 2, replicas: 2, availableReplicas: 2 };
const condition = (type: string, status: string, more: Fields = {}) => ({ conditions: [{ type, status, ...more }] });
const waiting = (reason: string) => ({ containerStatuses: [{ name: 'main', state: { waiting: { reason } } }] });

describe('health of an object, rule by rule of Argo CD', () => {
  it.each([
    ['a paused rollout', DEPLOYMENT, { spec: { paused: true, replicas: 2 } }, 'Suspended'],
    [
      'a generation not yet observed',
      DEPLOYMENT,
      { spec: { replicas: 2 }, status: { observedGeneration: 1 } },
      'Progressing',
    ],
    [
      'an exceeded deadline',
      DEPLOYMENT,
      { status: { ...rolledOut, ...condition('Progressing', 'False', { reason: 'ProgressDeadlineExceeded' }) } },
      'Degraded',
    ],
    ['too few updated', DEPLOYMENT, { spec: { replicas: 3 }, status: rolledOut }, 'Progressing'],
    ['old replicas left', DEPLOYMENT, { spec: { replicas: 2 }, status: { ...rolledOut, replicas: 3 } }, 'Progressing'],
    [
      'too few available',
      DEPLOYMENT,
      { spec: { replicas: 2 }, status: { ...rolledOut, availableReplicas: 1 } },
      'Progressing',
    ],
    ['a finished rollout', DEPLOYMENT, { spec: { replicas: 2 }, status: rolledOut }, 'Healthy'],
    ['a set never observed', STATEFUL_SET, { metadata: { generation: 0 }, status: {} }, 'Progressing'],
    [
      'too few ready',
      STATEFUL_SET,
      { spec: { replicas: 2 }, status: { ...observed, readyReplicas: 1 } },
      'Progressing',
    ],
    [
      'a partition not reached',
      STATEFUL_SET,
      {
        spec: { replicas: 3, updateStrategy: { rollingUpdate: { partition: 1 } } },
        status: { ...observed, readyReplicas: 3, updatedReplicas: 1 },
      },
      'Progressing',
    ],
    [
      'a rolling update whose revisions differ but whose replicas are updated',
      STATEFUL_SET,
      {
        spec: { replicas: 1, updateStrategy: { rollingUpdate: {} } },
        status: { ...observed, readyReplicas: 1, updatedReplicas: 1, updateRevision: 'b', currentRevision: 'a' },
      },
      'Healthy',
    ],
    [
      'revisions that differ without a strategy',
      STATEFUL_SET,
      { spec: { replicas: 1 }, status: { ...observed, readyReplicas: 1, updateRevision: 'b', currentRevision: 'a' } },
      'Progressing',
    ],
    [
      'a daemon not everywhere',
      'apps/v1 DaemonSet',
      { status: { ...observed, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 } },
      'Progressing',
    ],
    [
      'a daemon updated on delete',
      'apps/v1 DaemonSet',
      { spec: { updateStrategy: { type: 'OnDelete' } }, status: { ...observed, desiredNumberScheduled: 3 } },
      'Healthy',
    ],
    [
      'a replica failure',
      'apps/v1 ReplicaSet',
      { status: { ...observed, ...condition('ReplicaFailure', 'True') } },
      'Degraded',
    ],
    [
      'replicas available',
      'apps/v1 ReplicaSet',
      { spec: { replicas: 1 }, status: { ...observed, availableReplicas: 1 } },
      'Healthy',
    ],
    [
      'an image that cannot be pulled',
      'v1 Pod',
      { status: { phase: 'Pending', ...waiting('ImagePullBackOff') } },
      'Degraded',
    ],
    ['a pod that starts', 'v1 Pod', { status: { phase: 'Pending', ...waiting('ContainerCreating') } }, 'Progressing'],
    ['a ready pod', 'v1 Pod', { status: { phase: 'Running', ...condition('Ready', 'True') } }, 'Healthy'],
    [
      'a pod that runs once',
      'v1 Pod',
      { spec: { restartPolicy: 'Never' }, status: { phase: 'Running', ...condition('Ready', 'True') } },
      'Progressing',
    ],
    [
      'a pod that restarted',
      'v1 Pod',
      { status: { phase: 'Running', containerStatuses: [{ lastState: { terminated: {} } }] } },
      'Degraded',
    ],
    ['a failed pod', 'v1 Pod', { status: { phase: 'Failed' } }, 'Degraded'],
    ['a failed job, whatever its condition says', 'batch/v1 Job', { status: condition('Failed', 'False') }, 'Degraded'],
    ['a suspended job', 'batch/v1 Job', { status: condition('Suspended', 'True') }, 'Suspended'],
    ['a job that was resumed', 'batch/v1 Job', { status: condition('Suspended', 'False') }, 'Healthy'],
    ['a complete job', 'batch/v1 Job', { status: condition('Complete', 'True') }, 'Healthy'],
    ['a job under way', 'batch/v1 Job', {}, 'Progressing'],
    ['a load balancer without address', 'v1 Service', { spec: { type: 'LoadBalancer' } }, 'Progressing'],
    ['a cluster service', 'v1 Service', { spec: { type: 'ClusterIP' } }, 'Healthy'],
    [
      'an ingress with an address',
      'networking.k8s.io/v1 Ingress',
      { status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } } },
      'Healthy',
    ],
    ['an ingress without', 'networking.k8s.io/v1 Ingress', {}, 'Progressing'],
    ['a bound claim', 'v1 PersistentVolumeClaim', { status: { phase: 'Bound' } }, 'Healthy'],
    ['a lost claim', 'v1 PersistentVolumeClaim', { status: { phase: 'Lost' } }, 'Degraded'],
    ['an active namespace', 'v1 Namespace', { status: { phase: 'Active' } }, 'Healthy'],
    ['a definition without status', 'apiextensions.k8s.io/v1 CustomResourceDefinition', {}, 'Unknown'],
    [
      'an established definition',
      'apiextensions.k8s.io/v1 CustomResourceDefinition',
      { status: condition('Established', 'True') },
      'Healthy',
    ],
    [
      'a definition being installed',
      'apiextensions.k8s.io/v1 CustomResourceDefinition',
      { status: condition('Established', 'False', { reason: 'Installing' }) },
      'Progressing',
    ],
    [
      'a definition whose names are taken',
      'apiextensions.k8s.io/v1 CustomResourceDefinition',
      { status: condition('NamesAccepted', 'False') },
      'Degraded',
    ],
    ['a ready store', 'external-secrets.io/v1 ClusterSecretStore', { status: condition('Ready', 'True') }, 'Healthy'],
    ['a store that fails', 'external-secrets.io/v1 SecretStore', { status: condition('Ready', 'False') }, 'Degraded'],
    [
      'an unknown Ready, passed over for the next one',
      'external-secrets.io/v1 ExternalSecret',
      {
        status: {
          conditions: [
            { type: 'Ready', status: 'Unknown' },
            { type: 'Ready', status: 'False' },
          ],
        },
      },
      'Degraded',
    ],
    ['a store nobody has looked at', 'external-secrets.io/v1 ClusterSecretStore', {}, 'Progressing'],
    [
      'anything on its way out',
      'v1 ConfigMap',
      { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } },
      'Progressing',
    ],
  ])('%s', (_, type, fields, status) => {
    expect(assessHealth(live(type, fields))?.status).toBe(status);
  });

  it('has no verdict on kinds without a check', () => {
    expect(assessHealth(live('v1 ConfigMap', {}))).toBeNull();
    expect(assessHealth(live('example.com/v1 Deployment', {}))).toBeNull();
  });

  it('survives a status that is not what its kind has', () => {
    const odd = { status: { conditions: [null, 'x', { type: 3 }], containerStatuses: 'none' }, spec: 'none' as never };
    for (const type of [DEPLOYMENT, STATEFUL_SET, 'v1 Pod', 'batch/v1 Job', 'external-secrets.io/v1 SecretStore']) {
      expect(() => assessHealth(live(type, odd))).not.toThrow();
    }
  });
});

describe('health of an Application', () => {
  const of = (status: 'Healthy' | 'Degraded' | 'Progressing') => ({
    live: true,
    ignored: false,
    health: { status, message: status },
  });
  const missing = { live: false, ignored: false, health: null };

  it('is the worst of its objects', () => {
    expect(applicationHealth([of('Healthy'), of('Degraded'), of('Progressing')]).status).toBe('Degraded');
  });

  it('does not count a missing object, unless none is live', () => {
    expect(applicationHealth([of('Healthy'), missing]).status).toBe('Healthy');
    expect(applicationHealth([missing, missing]).status).toBe('Missing');
  });

  it('does not count objects that ask not to be', () => {
    expect(applicationHealth([{ ...of('Degraded'), ignored: true }]).status).toBe('Healthy');
  });

  it('is Healthy where there is nothing', () => {
    expect(applicationHealth([]).status).toBe('Healthy');
  });
});
