import { messageOf } from '../../kernel/errors.js';
import type { Delivery } from '../protocol/delivery.js';
import type { ApplicationReport } from '../protocol/report.js';
import { newRecord, type ApplicationRecord } from './application-record.js';
import { advanceHistory, supersedes, type HubHistory } from './hub-history.js';
import { KeyedQueue } from './keyed-queue.js';
import type { ManagedApplication, ManagedApplications } from './managed-applications.js';
import { applyIntent } from './pass/apply-intent.js';
import { orphanIntent, pruneIntent } from './pass/leaving-intents.js';
import type { PassContext } from './pass/pass-context.js';
import { freezeIntent, observeIntent } from './pass/watch-only-intents.js';
import { unknownReport } from './pass/application-report.js';
import { UnownedApplications } from './unowned-applications.js';

export interface EngineOptions {
  clusterUid: string;
  concurrency: number;
  random: () => number;
  publish: (report: ApplicationReport) => void;
  /** Uids that the agent holds and the hub's snapshot does not name. */
  publishUnowned: (uids: string[]) => void;
}

const BACKOFF = { firstMs: 500, longestMs: 60_000 };

/** Holds the newest delivery of every Application and passes over those that something happened to. */
export class AgentEngine {
  readonly context: PassContext;
  private readonly queue: KeyedQueue;
  private readonly applications: ManagedApplications;
  /** Last verdicts, to tell a new session everything. */
  private readonly verdicts = new Map<string, ApplicationReport>();
  private history: HubHistory | null;
  private readonly unowned: UnownedApplications;

  constructor(
    parts: Omit<PassContext, 'history' | 'publish' | 'wake' | 'unowned'>,
    private readonly options: EngineOptions,
    remembered: { history: HubHistory | null; records: readonly ApplicationRecord[] },
  ) {
    this.history = atLeastRecords(remembered);
    this.applications = parts.applications;
    this.unowned = new UnownedApplications(options.publishUnowned);
    this.context = {
      ...parts,
      unowned: this.unowned,
      history: () => this.history,
      publish: (report) => this.publish(report),
      wake: (uid) => this.queue.add(uid),
    };
    this.queue = new KeyedQueue({
      concurrency: options.concurrency,
      backoff: BACKOFF,
      random: options.random,
      run: (uid) => this.pass(uid),
      onFailure: (uid, error, retryInMs) => this.noteFailure(uid, error, retryInMs),
    });
    for (const record of remembered.records) this.applications.add(record);
  }

  /** Takes up where the last run of the agent stopped, whether or not the hub is there. */
  resume(): void {
    for (const { record } of this.applications.all()) this.queue.add(record.uid);
  }

  /** A whole snapshot: what it does not name is kept and reported, never removed. */
  async takeSnapshot(deliveries: readonly Delivery[], reached: HubHistory): Promise<void> {
    await this.reach(reached);
    await this.saveHistory();
    for (const delivery of deliveries) this.accept(delivery);
    const named = new Set(deliveries.map(({ applicationUid }) => applicationUid));
    const kept = this.applications.all().map(({ record }) => record.uid);
    this.unowned.replace(kept.filter((uid) => !named.has(uid)));
    if (this.unowned.size > 0) {
      this.context.logger.warn({ count: this.unowned.size }, 'the hub does not name Applications that are kept here');
    }
  }

  /** Positions up to here were read. Stored before any delivery is acted on, as the fence depends on it. */
  async reach(reached: HubHistory): Promise<void> {
    const before = this.history;
    const next = advanceHistory(before, reached);
    this.history = next;
    if (next.fencePosition !== (before?.fencePosition ?? null)) {
      this.context.logger.warn({ ...next }, "the hub's history was rewound: removals are fenced");
    }
    if (before?.epoch !== next.epoch || before.fencePosition !== next.fencePosition) {
      await this.context.memory.saveHistory(next);
    }
  }

  /** Keeps how far was read: a hub that is behind it later has lost something. */
  async saveHistory(): Promise<void> {
    if (this.history) await this.context.memory.saveHistory(this.history);
  }

  accept(delivery: Delivery): void {
    const { applicationUid: uid, hubId, clusterUid } = delivery;
    if (hubId !== this.context.hubId || clusterUid !== this.options.clusterUid) {
      this.context.logger.error({ application: uid, hubId, clusterUid }, 'delivery of another hub or cluster ignored');
      return;
    }
    const known = this.applications.get(uid);
    if (known && !supersedes(delivery, known.record.delivery, this.history?.epoch ?? delivery.epoch)) {
      this.context.logger.warn({ application: uid, position: delivery.position }, 'older delivery ignored');
      return;
    }
    if (known) replaceDelivery(known, delivery);
    else this.applications.add(newRecord(delivery));
    this.unowned.delete(uid);
    this.queue.add(uid);
  }

  /** Puts every verdict again, for a hub that starts from nothing. */
  retell(): void {
    for (const report of this.verdicts.values()) this.options.publish(report);
  }

  /** Something changed about a live object: whoever has to do with it looks at it. */
  objectChanged(key: string): void {
    for (const { record } of this.applications.concernedBy(key)) this.queue.add(record.uid);
  }

  stop(): Promise<void> {
    return this.queue.stop();
  }

  private pass(uid: string): Promise<number | undefined> {
    const application = this.applications.get(uid);
    if (!application) return Promise.resolve(undefined);
    switch (application.record.delivery.intent) {
      case 'apply':
        return applyIntent(application, this.context);
      case 'observe':
        return observeIntent(application, this.context);
      case 'freeze':
        return freezeIntent(application, this.context);
      case 'orphan':
        return orphanIntent(application, this.context);
      case 'prune':
        return pruneIntent(application, this.context);
    }
  }

  private publish(report: ApplicationReport): void {
    if (report.gone) this.verdicts.delete(report.applicationUid);
    else this.verdicts.set(report.applicationUid, report);
    this.options.publish(report);
  }

  /** A pass that could not judge says so; one that failed in the middle has already published what it found. */
  private noteFailure(uid: string, error: unknown, retryInMs: number): void {
    const message = messageOf(error);
    this.context.logger.warn({ application: uid, err: message, retryInMs }, 'pass failed');
    const application = this.applications.get(uid);
    if (!application || isSyncFailure(error)) return;
    this.publish(unknownReport(application.record, message, this.context.clock.now()));
  }
}

/** Records may be newer than the history stored beside them: what was ever acted on was read. */
function atLeastRecords({ history, records }: { history: HubHistory | null; records: readonly ApplicationRecord[] }) {
  if (history === null) return null;
  const positions = records
    .filter(({ delivery }) => delivery.epoch === history.epoch)
    .map(({ delivery }) => delivery.position);
  return { ...history, position: Math.max(history.position, ...positions) };
}

function replaceDelivery({ record }: ManagedApplication, delivery: Delivery): void {
  if (record.delivery.position !== delivery.position) record.healed = 0;
  record.delivery = delivery;
}

function isSyncFailure(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SYNC_FAILED';
}
