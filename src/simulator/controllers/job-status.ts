import { rfc3339 } from '../../kernel/clock.js';
import type { KubernetesObject } from '../../kernel/object.js';
import { list, record, type Fields } from '../fill-in.js';
import { hasEnded, isEnding, isReady } from './owned-pods.js';

export const COMPLETION_INDEX = 'batch.kubernetes.io/job-completion-index';

/** How a Job stands: what has ended is counted once, whatever becomes of its pods. */
export interface JobCounts {
  succeeded: number;
  failed: number;
  active: readonly KubernetesObject[];
  terminating: number;
  /** Indexes that are done; empty for a Job without. */
  completed: readonly number[];
}

/** Why a Job has come to its end. */
export interface JobEnd {
  type: 'Complete' | 'Failed';
  reason: string;
  message: string;
}

const COMPLETED: JobEnd = {
  type: 'Complete',
  reason: 'CompletionsReached',
  message: 'Reached expected number of succeeded pods',
};

/** The end a Job has come to, at this time; undefined while it goes on. */
export function jobEnd(job: KubernetesObject, counts: JobCounts, now: Date): JobEnd | undefined {
  const { completions, backoffLimit = 6, activeDeadlineSeconds } = record(job.spec);
  const { succeeded, failed, active } = counts;
  const isComplete =
    completions === undefined ? succeeded > 0 && active.length === 0 : succeeded >= Number(completions);
  if (isComplete) return COMPLETED;
  const restarts = active.reduce((sum, pod) => sum + restartsOf(pod), 0);
  const isBeyond = failed > Number(backoffLimit) || (restarts > 0 && restarts >= Number(backoffLimit));
  if (isBeyond) {
    const message = 'Job has reached the specified backoff limit';
    return { type: 'Failed', reason: 'BackoffLimitExceeded', message };
  }
  if (activeDeadlineSeconds === undefined || now.getTime() < deadlineOf(job)) return undefined;
  const message = 'Job was active longer than specified deadline';
  return { type: 'Failed', reason: 'DeadlineExceeded', message };
}

/** Milliseconds since the epoch; never for a Job that has not started. */
export function deadlineOf({ spec, status }: KubernetesObject): number {
  const { startTime } = record(status);
  if (typeof startTime !== 'string') return Number.POSITIVE_INFINITY;
  return Date.parse(startTime) + Number(record(spec).activeDeadlineSeconds) * 1_000;
}

function restartsOf({ spec, status }: KubernetesObject): number {
  if (record(spec).restartPolicy !== 'OnFailure') return 0;
  return list(record(status).containerStatuses).reduce<number>(
    (sum, container) => sum + Number(record(container).restartCount ?? 0),
    0,
  );
}

/** Whether a Job has ended, and how. */
export function endOf({ status }: KubernetesObject): 'Complete' | 'Failed' | undefined {
  const found = conditionsOf(status).find(
    ({ type, status: is }) => is === 'True' && ['Complete', 'Failed'].includes(String(type)),
  );
  return found?.type as 'Complete' | 'Failed' | undefined;
}

export const isSuspended = ({ spec }: KubernetesObject): boolean => record(spec).suspend === true;

/** A Job's status by its counts. */
export function jobStatus(
  job: KubernetesObject,
  counts: JobCounts,
  outcome: { end?: JobEnd | undefined; now: Date },
): Fields {
  const { end, now } = outcome;
  const at = rfc3339(now);
  const { startTime = at } = record(job.status);
  const active = end === undefined ? counts.active : [];
  const { succeeded, completed, terminating } = counts;
  const failed = counts.failed + counts.active.length - active.length;
  return {
    ...conditionsField(withVerdicts(job, end, at)),
    ...(isSuspended(job) ? {} : { startTime }),
    ...(end?.type === 'Complete' ? { completionTime: at } : {}),
    ...(active.length === 0 ? {} : { active: active.length }),
    ...(succeeded === 0 ? {} : { succeeded }),
    ...(failed === 0 ? {} : { failed }),
    ...(completed.length === 0 ? {} : { completedIndexes: ranges(completed) }),
    terminating,
    ready: active.filter(isReady).length,
    uncountedTerminatedPods: {},
  };
}

const conditionsOf = (status: unknown): Fields[] => list(record(status).conditions).map(record);
const conditionsField = (conditions: Fields[]): Fields => (conditions.length === 0 ? {} : { conditions });

function withVerdicts(job: KubernetesObject, end: JobEnd | undefined, at: string): Fields[] {
  const before = conditionsOf(job.status);
  const times = { lastProbeTime: at, lastTransitionTime: at };
  const suspension = before.find(({ type }) => type === 'Suspended');
  const others = before.filter(({ type }) => type !== 'Suspended');
  const isKnown = suspension === undefined ? !isSuspended(job) : (suspension.status === 'True') === isSuspended(job);
  const words = isSuspended(job)
    ? { status: 'True', reason: 'JobSuspended', message: 'Job suspended' }
    : { status: 'False', reason: 'JobResumed', message: 'Job resumed' };
  const kept = isKnown ? before : [...others, { type: 'Suspended', ...words, ...times }];
  if (end === undefined) return kept;
  const first = end.type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
  const { reason, message } = end;
  return [...kept, ...[first, end.type].map((type) => ({ type, status: 'True', ...times, reason, message }))];
}

/** Pods of a Job that still run or will. */
export function activeOf(pods: readonly KubernetesObject[]): KubernetesObject[] {
  return pods.filter((pod) => !isEnding(pod) && !hasEnded(pod));
}

/** `0-2,5` of 0, 1, 2 and 5. */
function ranges(indexes: readonly number[]): string {
  const sorted = [...indexes].sort((left, right) => left - right);
  const starts = sorted.filter((index, place) => sorted[place - 1] !== index - 1);
  return starts
    .map((start) => {
      let end = start;
      while (sorted.includes(end + 1)) end++;
      if (end === start) return String(start);
      return end === start + 1 ? `${start},${end}` : `${start}-${end}`;
    })
    .join(',');
}
