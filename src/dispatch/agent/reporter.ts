import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../../kernel/backoff.js';
import { FleetError, messageOf } from '../../kernel/errors.js';
import { jsonEqual } from '../../kernel/json.js';
import type { Facts } from '../protocol/join.js';
import type { ApplicationReport, Report } from '../protocol/report.js';
import type { Log } from '../../kernel/log.js';

export interface ReporterOptions {
  send: (report: Report) => Promise<void>;
  /** The hub knows this session no more: the caller opens another. */
  onSessionEnded: () => void;
  /** How long verdicts are gathered before they are sent. */
  debounceMs: number;
  random: () => number;
  logger: Log;
  signal: AbortSignal;
}

const MOST_IN_ONE = 500;
const MOST_UNOWNED = 10_000;
const PAUSE = { firstMs: 500, longestMs: 30_000 };

/**
 * Tells the hub verdicts, in batches, each until it is acknowledged. Of one Application only the newest verdict waits,
 * and one that says nothing new is not sent.
 */
export class Reporter {
  private readonly waiting = new Map<string, ApplicationReport>();
  private readonly acknowledged = new Map<string, ApplicationReport>();
  private unowned: string[] = [];
  private facts: Facts | null = null;
  private session: string | undefined;
  private sequence = 0;
  private timer: NodeJS.Timeout | undefined;
  private sending = false;
  /** Something other than a verdict is to be told. */
  private announce = false;

  constructor(private readonly options: ReporterOptions) {}

  put(report: ApplicationReport): void {
    const known = this.waiting.get(report.applicationUid) ?? this.acknowledged.get(report.applicationUid);
    if (known && saysTheSame(known, report)) return;
    this.waiting.set(report.applicationUid, report);
    this.schedule();
  }

  putFacts(facts: Facts): void {
    this.facts = facts;
    this.announce = true;
    this.schedule();
  }

  putUnowned(uids: readonly string[]): void {
    const bounded = [...uids].sort().slice(0, MOST_UNOWNED);
    if (jsonEqual(bounded, this.unowned)) return;
    this.unowned = bounded;
    this.announce = true;
    this.schedule();
  }

  /** A new session starts from nothing but the facts it was opened with: the caller puts every verdict again. */
  open(session: string, told: Facts): void {
    this.session = session;
    this.sequence = 0;
    this.acknowledged.clear();
    // They may have changed while the hub was answering.
    if (jsonEqual(this.facts, told)) this.facts = null;
    this.announce = this.unowned.length > 0 || this.facts !== null;
    this.schedule();
  }

  private schedule(): void {
    if (this.timer !== undefined || this.sending || this.session === undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.flush();
    }, this.options.debounceMs).unref();
  }

  private async flush(): Promise<void> {
    this.sending = true;
    let failures = 0;
    while (this.hasNews() && this.session !== undefined && !this.options.signal.aborted) {
      try {
        await this.sendBatch(this.session);
        failures = 0;
      } catch (error) {
        failures += 1;
        await this.afterFailure(error, failures);
      }
    }
    this.sending = false;
    if (this.hasNews()) this.schedule();
  }

  private hasNews(): boolean {
    return this.waiting.size > 0 || this.announce;
  }

  private async sendBatch(session: string): Promise<void> {
    const applications = [...this.waiting.values()].slice(0, MOST_IN_ONE);
    const { unowned, facts } = this;
    this.announce = false;
    this.sequence += 1;
    try {
      await this.options.send({ session, sequence: this.sequence, applications, unowned, facts });
    } catch (error) {
      this.announce ||= facts !== null || unowned.length > 0;
      throw error;
    }
    if (session !== this.session) return;
    if (this.facts === facts) this.facts = null;
    for (const report of applications) this.acknowledge(report);
  }

  private acknowledge(report: ApplicationReport): void {
    const { applicationUid } = report;
    if (this.waiting.get(applicationUid) === report) this.waiting.delete(applicationUid);
    if (report.gone) this.acknowledged.delete(applicationUid);
    else this.acknowledged.set(applicationUid, report);
  }

  private async afterFailure(error: unknown, failures: number): Promise<void> {
    if (error instanceof FleetError && error.code === 'SESSION_ENDED') {
      this.session = undefined;
      this.options.onSessionEnded();
      return;
    }
    this.options.logger.warn({ err: messageOf(error), failures }, 'report not acknowledged; sending again');
    const ms = backoffMs(failures, PAUSE, this.options.random);
    await sleep(ms, undefined, { signal: this.options.signal, ref: false }).catch(() => undefined);
  }
}

function saysTheSame(left: ApplicationReport, right: ApplicationReport): boolean {
  return jsonEqual({ ...left, observedAt: '' }, { ...right, observedAt: '' });
}
