import { rfc3339 } from '../../kernel/clock.js';
import { jsonEqual } from '../../kernel/json.js';
import { controllerOf, type KubernetesObject } from '../../kernel/object.js';
import { refOf, type Change, type StoredRef } from '../cluster-store.js';
import { list, record, type Fields } from '../fill-in.js';
import type { KindDefinition } from '../kind.js';
import type { ControllerParts } from './controller-parts.js';
import { nextTime, parseCron } from './cron-schedule.js';
import { endOf } from './job-status.js';
import { CONTROLLER_MANAGER, controlledBy, controllerReference } from './owned-objects.js';
import { isEnding } from './owned-pods.js';

/** A timer of Node holds no longer than this. */
const LONGEST_WAIT_MS = 2_000_000_000;

/** Makes the Jobs of CronJobs when they are due, in UTC, and clears away those beyond their history. */
export class CronJobs {
  private readonly kind: KindDefinition;
  private readonly jobKind: KindDefinition;

  constructor(private readonly parts: ControllerParts) {
    this.kind = parts.registry.require('batch/v1', 'CronJob');
    this.jobKind = parts.registry.require('batch/v1', 'Job');
  }

  onChange({ type, kind, object }: Change): void {
    if (kind === this.kind && type !== 'DELETED') this.lookSoon(refOf(kind, object));
    const owner = kind === this.jobKind ? controllerOf(object.metadata) : undefined;
    if (owner?.kind !== 'CronJob') return;
    this.lookSoon({ kind: this.kind, namespace: object.metadata.namespace ?? '', name: owner.name });
  }

  private lookSoon(ref: StoredRef): void {
    this.parts.queue.soon(`schedule ${ref.namespace}/${ref.name}`, () => this.look(ref));
  }

  private look(ref: StoredRef): void {
    const cron = this.live(ref);
    if (cron === undefined || isEnding(cron)) return;
    this.clearHistory(cron);
    this.writeStatus(cron);
    this.waitForNext(ref, cron);
  }

  private waitForNext(ref: StoredRef, cron: KubernetesObject): void {
    const { schedule, suspend } = record(cron.spec);
    const parsed = parseCron(String(schedule));
    const now = this.parts.clock.now();
    const next = parsed && suspend !== true ? nextTime(parsed, now) : undefined;
    if (next === undefined) return;
    const wait = Math.min(LONGEST_WAIT_MS, next.getTime() - now.getTime());
    const key = `due ${cron.metadata.uid} ${String(schedule)}`;
    this.parts.queue.later(key, wait, () => this.fire(ref, { schedule, at: next }));
  }

  /** Carries out what was waited for, if the CronJob still says so. */
  private fire(ref: StoredRef, { schedule, at }: { schedule: unknown; at: Date }): void {
    const cron = this.live(ref);
    if (cron === undefined || isEnding(cron)) return;
    const spec = record(cron.spec);
    const isDue = spec.schedule === schedule && spec.suspend !== true && this.parts.clock.now() >= at;
    if (isDue && this.mayStart(cron)) this.start(cron, at);
    this.lookSoon(ref);
  }

  private mayStart(cron: KubernetesObject): boolean {
    const running = this.jobsOf(cron).filter((job) => endOf(job) === undefined);
    const { concurrencyPolicy } = record(cron.spec);
    if (concurrencyPolicy === 'Replace') for (const job of running) this.deleteJob(cron, job);
    return concurrencyPolicy !== 'Forbid' || running.length === 0;
  }

  private start(cron: KubernetesObject, at: Date): void {
    const { namespace = '' } = cron.metadata;
    const { metadata, spec } = record(record(cron.spec).jobTemplate);
    const { labels, annotations } = record(metadata) as { labels?: object; annotations?: object };
    const name = `${cron.metadata.name}-${Math.floor(at.getTime() / 60_000)}`;
    if (this.parts.store.get(this.jobKind, namespace, name) !== undefined) return;
    const marks = { ...annotations, 'batch.kubernetes.io/cronjob-scheduled-timestamp': rfc3339(at) };
    const job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name,
        namespace,
        ...(labels === undefined ? {} : { labels: labels as Record<string, string> }),
        annotations: marks,
        ownerReferences: [controllerReference(cron)],
      },
      spec,
    };
    this.parts.writer.create({ kind: this.jobKind, namespace, name }, job, { manager: CONTROLLER_MANAGER });
    this.tell(cron, 'SuccessfulCreate', `Created job ${name}`);
    this.edit(cron, { ...record(cron.status), lastScheduleTime: rfc3339(at) });
  }

  private writeStatus(cron: KubernetesObject): void {
    const jobs = this.jobsOf(cron);
    const before = record(cron.status);
    const known = list(before.active).map((reference) => record(reference).uid);
    for (const job of jobs.filter(({ metadata }) => known.includes(metadata.uid))) {
      const end = endOf(job);
      if (end !== undefined)
        this.tell(cron, 'SawCompletedJob', `Saw completed job: ${job.metadata.name}, condition: ${end}`);
    }
    const ends = jobs.flatMap(({ status }) => record(status).completionTime ?? []).map(String);
    const lastSuccessfulTime = [...ends, ...[before.lastSuccessfulTime ?? []].flat().map(String)].sort().at(-1);
    const active = jobs.filter((job) => endOf(job) === undefined).map(referenceTo);
    this.edit(cron, {
      ...(active.length === 0 ? {} : { active }),
      ...(before.lastScheduleTime === undefined ? {} : { lastScheduleTime: before.lastScheduleTime }),
      ...(lastSuccessfulTime === undefined ? {} : { lastSuccessfulTime }),
    });
  }

  private clearHistory(cron: KubernetesObject): void {
    const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = record(cron.spec);
    const limits = { Complete: Number(successfulJobsHistoryLimit), Failed: Number(failedJobsHistoryLimit) };
    const jobs = this.jobsOf(cron);
    for (const [end, limit] of Object.entries(limits)) {
      const ended = jobs.filter((job) => endOf(job) === end && !isEnding(job));
      for (const job of ended.slice(0, Math.max(0, ended.length - limit))) this.deleteJob(cron, job);
    }
  }

  private deleteJob(cron: KubernetesObject, job: KubernetesObject): void {
    this.parts.deleter.delete(refOf(this.jobKind, job), { propagationPolicy: 'Background' });
    this.tell(cron, 'SuccessfulDelete', `Deleted job ${job.metadata.name}`);
  }

  private edit(cron: KubernetesObject, status: Fields): void {
    if (jsonEqual(status, record(cron.status))) return;
    const change = (live: KubernetesObject): KubernetesObject => ({ ...live, status });
    this.parts.writer.modify(refOf(this.kind, cron), change, { manager: CONTROLLER_MANAGER, subresource: 'status' });
  }

  private tell(about: KubernetesObject, reason: string, message: string): void {
    this.parts.events.record({ about, reason, message, component: 'cronjob-controller' });
  }

  private jobsOf(cron: KubernetesObject): KubernetesObject[] {
    return controlledBy(this.parts, cron, 'Job');
  }

  private live({ kind, namespace, name }: StoredRef): KubernetesObject | undefined {
    return this.parts.store.get(kind, namespace, name);
  }
}

function referenceTo({ apiVersion, kind, metadata: { name, namespace, resourceVersion, uid } }: KubernetesObject) {
  return { apiVersion, kind, name, namespace, resourceVersion, uid };
}
