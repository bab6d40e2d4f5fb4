import type { KubernetesObject } from '../../kernel/object.js';
import { digestJson } from '../../kernel/digest.js';
import { record, type Fields } from '../fill-in.js';
import { podRule } from './pod-status.js';
import { isFalse, isTrue, withConditions, type StatusRule } from './status-rule.js';

const MANAGER = 'kube-controller-manager';

const seenGeneration = ({ metadata }: KubernetesObject): Fields => ({ observedGeneration: metadata.generation });
const replicasOf = (object: KubernetesObject): number => Number(record(object.spec).replicas ?? 1);

const deployment: StatusRule = {
  manager: MANAGER,
  seen: (object, { at }) => {
    const replicas = replicasOf(object);
    const available = isFalse(
      'Available',
      'MinimumReplicasUnavailable',
      'Deployment does not have minimum availability.',
    );
    const progressing = isTrue(
      'Progressing',
      'ReplicaSetUpdated',
      `Deployment "${object.metadata.name}" is progressing.`,
    );
    return {
      ...seenGeneration(object),
      replicas,
      updatedReplicas: replicas,
      unavailableReplicas: replicas,
      conditions: withConditions(object, at, replicas === 0 ? [progressing] : [available, progressing]),
    };
  },
  settled: (object, { at }) => {
    const replicas = replicasOf(object);
    const counts = { replicas, updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas };
    const rolledOut = `Deployment "${object.metadata.name}" has successfully progressed.`;
    const conditions = withConditions(object, at, [
      isTrue('Available', 'MinimumReplicasAvailable', 'Deployment has minimum availability.'),
      isTrue('Progressing', 'NewReplicaSetAvailable', rolledOut),
    ]);
    return { ...seenGeneration(object), ...(replicas === 0 ? {} : counts), conditions };
  },
};

const replicaSet: StatusRule = {
  manager: MANAGER,
  seen: (object) => ({ ...seenGeneration(object), replicas: replicasOf(object) }),
  settled: (object) => {
    const replicas = replicasOf(object);
    const counts = { fullyLabeledReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas };
    return { ...seenGeneration(object), replicas, ...(replicas === 0 ? {} : counts) };
  },
};

const statefulSet: StatusRule = {
  manager: MANAGER,
  seen: (object) => ({ ...seenGeneration(object), ...revisions(object), replicas: replicasOf(object) }),
  settled: (object) => {
    const replicas = replicasOf(object);
    const counts = { currentReplicas: replicas, updatedReplicas: replicas, readyReplicas: replicas };
    return {
      ...seenGeneration(object),
      ...revisions(object),
      replicas,
      availableReplicas: replicas,
      collisionCount: 0,
      ...(replicas === 0 ? {} : counts),
    };
  },
};

/** One revision a pod template, so that an unchanged template keeps it. */
function revisions(object: KubernetesObject): Fields {
  const digest = digestJson(record(object.spec).template).slice(-10);
  const revision = `${object.metadata.name}-${digest}`;
  return { currentRevision: revision, updateRevision: revision };
}

const daemonSet: StatusRule = {
  manager: MANAGER,
  seen: (object, { nodes }) => ({
    ...seenGeneration(object),
    ...{ currentNumberScheduled: nodes, desiredNumberScheduled: nodes, updatedNumberScheduled: nodes },
    ...{ numberMisscheduled: 0, numberReady: 0, numberUnavailable: nodes },
  }),
  settled: (object, { nodes }) => ({
    ...seenGeneration(object),
    ...{ currentNumberScheduled: nodes, desiredNumberScheduled: nodes, updatedNumberScheduled: nodes },
    ...{ numberMisscheduled: 0, numberReady: nodes, numberAvailable: nodes },
  }),
};

const job: StatusRule = {
  manager: MANAGER,
  seen: (object, { at }) => ({ startTime: startOf(object, at), active: 1, ready: 0, terminating: 0 }),
  settled: (object, { at }) => {
    if (record(object.spec).suspend === true) {
      return { conditions: withConditions(object, at, [isTrue('Suspended', 'JobSuspended', 'Job suspended')]) };
    }
    const conditions = withConditions(object, at, [
      isTrue('SuccessCriteriaMet', 'CompletionsReached', 'Reached expected number of succeeded pods'),
      isTrue('Complete', 'CompletionsReached', 'Reached expected number of succeeded pods'),
    ]);
    const { completionTime = at } = record(object.status);
    const succeeded = Number(record(object.spec).completions ?? 1);
    const counts = { succeeded, ready: 0, terminating: 0, uncountedTerminatedPods: {} };
    return { startTime: startOf(object, at), completionTime, ...counts, conditions };
  },
};

const startOf = (object: KubernetesObject, at: string): unknown => record(object.status).startTime ?? at;

export const WORKLOAD_RULES: Readonly<Record<string, StatusRule>> = {
  'apps/Deployment': deployment,
  'apps/ReplicaSet': replicaSet,
  'apps/StatefulSet': statefulSet,
  'apps/DaemonSet': daemonSet,
  'batch/Job': job,
  '/Pod': podRule,
};
