import type { KubernetesObject } from '../../kernel/object.js';
import type { Change, StoredRef } from '../cluster-store.js';
import { list, record, type Fields } from '../fill-in.js';
import type { ControllerParts } from './controller-parts.js';
import {
  activeOf,
  COMPLETION_INDEX,
  deadlineOf,
  endOf,
  isSuspended,
  jobEnd,
  jobStatus,
  type JobCounts,
  type JobEnd,
} from './job-status.js';
import { hasEnded, isEnding, OwnedPods, phaseOf } from './owned-pods.js';

/** Runs Jobs: pods until enough have succeeded, or too many have failed. A failed pod is followed by another at once. */
export class Jobs {
  private readonly pods: OwnedPods;
  /** Pods that are in their Job's counts already. */
  private readonly counted = new Set<string>();

  constructor(private readonly parts: ControllerParts) {
    this.pods = new OwnedPods(parts, parts.registry.require('batch/v1', 'Job'), 'job-controller');
  }

  onChange(change: Change): void {
    const ref = this.pods.concerned(change);
    if (ref === undefined) return;
    if (change.type === 'DELETED') this.counted.delete(change.object.metadata.uid ?? '');
    this.lookSoon(ref);
  }

  private lookSoon(ref: StoredRef): void {
    this.parts.queue.soon(`complete ${ref.namespace}/${ref.name}`, () => this.look(ref));
  }

  private look(ref: StoredRef): void {
    const job = this.parts.store.get(ref.kind, ref.namespace, ref.name);
    if (job === undefined || isEnding(job)) return;
    if (endOf(job) !== undefined) return this.removeLater(ref, job);
    const now = this.parts.clock.now();
    const counts = this.countsOf(job);
    const end = isSuspended(job) ? undefined : jobEnd(job, counts, now);
    if (end !== undefined) this.tellEnd(job, end);
    this.tellSuspension(job);
    const active = this.adjust(job, counts, end !== undefined || isSuspended(job));
    this.pods.writeStatus(job, jobStatus(job, { ...counts, active }, { end, now }));
    this.expireLater(ref);
  }

  private countsOf(job: KubernetesObject): JobCounts {
    const pods = this.pods.of(job);
    const { succeeded = 0, failed = 0 } = record(job.status);
    const isIndexed = record(job.spec).completionMode === 'Indexed';
    const fresh = pods.filter((pod) => hasEnded(pod) && !this.counted.has(pod.metadata.uid ?? ''));
    for (const { metadata } of fresh) this.counted.add(metadata.uid ?? '');
    const count = (phase: string): number => fresh.filter((pod) => phaseOf(pod) === phase).length;
    return {
      succeeded: Number(succeeded) + count('Succeeded'),
      failed: Number(failed) + count('Failed'),
      active: activeOf(pods),
      terminating: pods.filter((pod) => isEnding(pod) && !hasEnded(pod)).length,
      completed: isIndexed ? pods.filter((pod) => phaseOf(pod) === 'Succeeded').map(indexOf) : [],
    };
  }

  /** As many pods as may run side by side, none when it is over. Answers those that are active then. */
  private adjust(job: KubernetesObject, counts: JobCounts, isOver: boolean): readonly KubernetesObject[] {
    const { active } = counts;
    const wanted = isOver ? 0 : wantedPods(job, counts);
    for (const pod of active.slice(wanted)) this.pods.drop(job, pod);
    if (active.length >= wanted) return isOver ? active : active.slice(0, wanted);
    const taken = [...counts.completed, ...active.map(indexOf)];
    for (let missing = wanted - active.length; missing > 0; missing--) taken.push(this.addPod(job, taken));
    return activeOf(this.pods.of(job));
  }

  /** Answers the pod's index, -1 where the Job has none. */
  private addPod(job: KubernetesObject, taken: readonly number[]): number {
    const { template, completionMode } = record(job.spec);
    if (completionMode !== 'Indexed') {
      this.pods.add(job, template);
      return -1;
    }
    let index = 0;
    while (taken.includes(index)) index++;
    const mark = { [COMPLETION_INDEX]: String(index) };
    const prefix = `${job.metadata.name}-${index}-`;
    this.pods.add(job, indexed(job, template, index), { prefix, labels: mark, annotations: mark });
    return index;
  }

  private tellSuspension(job: KubernetesObject): void {
    const conditions = list(record(job.status).conditions).map(record);
    const wasSuspended = conditions.some(({ type, status }) => type === 'Suspended' && status === 'True');
    if (isSuspended(job) === wasSuspended) return;
    if (wasSuspended) this.pods.tell(job, 'Resumed', 'Job resumed');
    else this.pods.tell(job, 'Suspended', 'Job suspended');
  }

  private tellEnd(job: KubernetesObject, { type, reason, message }: JobEnd): void {
    if (type === 'Complete') this.pods.tell(job, 'Completed', 'Job completed');
    else this.pods.tell(job, reason, message, 'Warning');
  }

  private expireLater(ref: StoredRef): void {
    const live = this.parts.store.get(ref.kind, ref.namespace, ref.name);
    if (live === undefined || isSuspended(live) || record(live.spec).activeDeadlineSeconds === undefined) return;
    const left = Math.max(0, deadlineOf(live) - this.parts.clock.now().getTime());
    this.parts.queue.later(`expire ${live.metadata.uid}`, left, () => this.lookSoon(ref));
  }

  private removeLater(ref: StoredRef, { metadata, spec }: KubernetesObject): void {
    const { ttlSecondsAfterFinished } = record(spec);
    if (ttlSecondsAfterFinished === undefined) return;
    this.parts.queue.later(`remove ${metadata.uid}`, Number(ttlSecondsAfterFinished) * 1_000, () => {
      const live = this.parts.store.get(ref.kind, ref.namespace, ref.name);
      if (live?.metadata.uid === metadata.uid) this.parts.deleter.delete(ref, {});
    });
  }
}

function wantedPods({ spec }: KubernetesObject, { succeeded, active }: JobCounts): number {
  const { completions, parallelism = 1 } = record(spec);
  if (completions !== undefined) return Math.min(Number(parallelism), Number(completions) - succeeded);
  return succeeded > 0 ? active.length : Number(parallelism);
}

const indexOf = ({ metadata }: KubernetesObject): number => Number(metadata.annotations?.[COMPLETION_INDEX] ?? -1);

const INDEX_VARIABLE = {
  name: 'JOB_COMPLETION_INDEX',
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${COMPLETION_INDEX}']` } },
};

/** The template with what tells a pod its index. */
function indexed({ metadata }: KubernetesObject, template: unknown, index: number): Fields {
  const spec = record(record(template).spec);
  const containers = list(spec.containers)
    .map(record)
    .map((container) => ({ ...container, env: [...list(container.env), INDEX_VARIABLE] }));
  return { ...record(template), spec: { ...spec, containers, hostname: `${metadata.name}-${index}` } };
}
