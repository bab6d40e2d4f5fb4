import type { KubernetesObject } from '../../kernel/object.js';
import { list, record, type Fields } from '../fill-in.js';
import { bounds, currentSetName, replicasOf, sum, type Rollout } from './deployment-rollout.js';

interface DeploymentCondition {
  type: string;
  status: string;
  reason: string;
  message: string;
  lastUpdateTime: string;
  lastTransitionTime: string;
}

type Verdict = Pick<DeploymentCondition, 'type' | 'status' | 'reason' | 'message'>;

/** A Deployment's status by its ReplicaSets; `at` is RFC 3339. */
export function deploymentStatus(deployment: KubernetesObject, rollout: Rollout, at: string): Fields {
  const counts = countsOf(rollout);
  const { replicas, availableReplicas } = counts;
  const before = list(record(deployment.status).conditions) as DeploymentCondition[];
  const progressing = progress(deployment, counts, at);
  const conditions = [availability(deployment, counts), ...(progressing === undefined ? [] : [progressing])];
  return {
    observedGeneration: deployment.metadata.generation,
    ...withoutZeros({ ...counts, unavailableReplicas: Math.max(0, replicas - availableReplicas) }),
    terminatingReplicas: terminatingOf(rollout),
    conditions: conditions.map((verdict) => timed(before, verdict, { at, hasMoved: hasMoved(deployment, counts) })),
  };
}

interface Counts {
  replicas: number;
  updatedReplicas: number;
  readyReplicas: number;
  availableReplicas: number;
}

function countsOf({ current, others }: Rollout): Counts {
  const all = current === undefined ? others : [current, ...others];
  const total = (field: string): number => sum(all, ({ status }) => Number(record(status)[field] ?? 0));
  return {
    replicas: total('replicas'),
    updatedReplicas: Number(record(current?.status).replicas ?? 0),
    readyReplicas: total('readyReplicas'),
    availableReplicas: total('availableReplicas'),
  };
}

function terminatingOf({ current, others }: Rollout): number {
  const all = current === undefined ? others : [current, ...others];
  return sum(all, ({ status }) => Number(record(status).terminatingReplicas ?? 0));
}

function withoutZeros(counts: object): Fields {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}

function availability(deployment: KubernetesObject, { availableReplicas }: Counts): Verdict {
  const wanted = replicasOf(deployment);
  const { type, rollingUpdate } = record(record(deployment.spec).strategy);
  const unavailable = type === 'Recreate' ? 0 : bounds(record(rollingUpdate), wanted).unavailable;
  return availableReplicas >= wanted - unavailable
    ? verdict('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
    : verdict('Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.');
}

function progress(deployment: KubernetesObject, counts: Counts, at: string): Verdict | undefined {
  const { paused, progressDeadlineSeconds } = record(deployment.spec);
  if (progressDeadlineSeconds === undefined) return undefined;
  const before = progressingOf(deployment);
  if (paused === true) return verdict('Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused');
  const named = `ReplicaSet "${currentSetName(deployment)}"`;
  const isNews = record(deployment.status).observedGeneration !== deployment.metadata.generation;
  if (isComplete(deployment, counts)) {
    return verdict('Progressing', 'True', 'NewReplicaSetAvailable', `${named} has successfully progressed.`);
  }
  const isDone = before?.reason === 'NewReplicaSetAvailable' && before.message.startsWith(named);
  if (isDone && counts.replicas === counts.updatedReplicas) return before;
  if (
    before?.reason === 'ProgressDeadlineExceeded' &&
    before.message.startsWith(named) &&
    !hasMoved(deployment, counts)
  ) {
    return before;
  }
  const late = before !== undefined && !isNews && !hasMoved(deployment, counts) && isLate(deployment, before, at);
  return late
    ? verdict('Progressing', 'False', 'ProgressDeadlineExceeded', `${named} has timed out progressing.`)
    : verdict('Progressing', 'True', 'ReplicaSetUpdated', `${named} is progressing.`);
}

function isComplete(deployment: KubernetesObject, counts: Counts): boolean {
  const wanted = replicasOf(deployment);
  return [counts.replicas, counts.updatedReplicas, counts.availableReplicas].every((count) => count === wanted);
}

/** Whether pods came or became ready since the last look: what resets the deadline. */
function hasMoved({ status, metadata }: KubernetesObject, counts: Counts): boolean {
  const was = record(status);
  const older = (field: keyof Counts): number => Number(was[field] ?? 0);
  return (
    was.observedGeneration !== metadata.generation ||
    counts.updatedReplicas > older('updatedReplicas') ||
    counts.replicas - counts.updatedReplicas < older('replicas') - older('updatedReplicas') ||
    counts.readyReplicas > older('readyReplicas') ||
    counts.availableReplicas > older('availableReplicas')
  );
}

function isLate(deployment: KubernetesObject, { lastUpdateTime }: DeploymentCondition, at: string): boolean {
  return Date.parse(at) - Date.parse(lastUpdateTime) >= deadlineMs(deployment);
}

/** How long a Deployment may go without progress. */
export function deadlineMs({ spec }: KubernetesObject): number {
  return Number(record(spec).progressDeadlineSeconds ?? 600) * 1_000;
}

/** Whether a Deployment may still come to its deadline. */
export function isProgressing(status: Fields): boolean {
  const found = list(status.conditions)
    .map(record)
    .find(({ type }) => type === 'Progressing');
  return found?.status === 'True' && found.reason !== 'NewReplicaSetAvailable';
}

function progressingOf({ status }: KubernetesObject): DeploymentCondition | undefined {
  const conditions = list(record(status).conditions) as DeploymentCondition[];
  return conditions.find(({ type }) => type === 'Progressing');
}

interface Moment {
  at: string;
  hasMoved: boolean;
}

function timed(before: readonly DeploymentCondition[], now: Verdict, { at, hasMoved }: Moment): DeploymentCondition {
  const was = before.find(({ type }) => type === now.type);
  const { type, status, reason, message } = now;
  const isSame = was?.status === status && was.reason === reason;
  const restarts = type === 'Progressing' && hasMoved;
  return {
    ...{ type, status, reason, message },
    lastUpdateTime: isSame && !restarts ? was.lastUpdateTime : at,
    lastTransitionTime: was?.status === status ? was.lastTransitionTime : at,
  };
}

function verdict(type: string, status: string, reason: string, message: string): Verdict {
  return { type, status, reason, message };
}
