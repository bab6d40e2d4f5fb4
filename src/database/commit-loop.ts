import { Injectable } from '@nestjs/common';
import { backoffMs } from '../kernel/backoff.js';
import { Log } from '../kernel/log.js';
import { CommitListener } from './commit-listener.js';
import { OutageLog } from './outage-log.js';

/** Upper bound of every pause: notifications are only hints. */
export const POLL_MS = 1_000;

const BACKOFF = { firstMs: 100, longestMs: 5_000 };

export interface CommitLoopOptions {
  /** For the log: what fails when a step fails. */
  what: string;
  /** Answers after how many milliseconds to step again by itself, 0 for at once. */
  step: () => Promise<number>;
}

/** Makes loops that follow the commits. */
@Injectable()
export class CommitLoops {
  constructor(
    private readonly commits: CommitListener,
    private readonly log: Log,
  ) {}

  create(options: CommitLoopOptions): CommitLoop {
    return new CommitLoop(options, this.commits, this.log);
  }
}

/**
 * Steps whenever something was committed, when woken, and at least every second. Steps never overlap. A step that
 * throws (the database is restarting) is repeated with back-off and never ends the process.
 */
export class CommitLoop {
  private readonly outage: OutageLog;
  private readonly interrupt: { sleep?: () => void } = {};
  private woken = false;
  private stopped = false;
  private running: Promise<void> | undefined;
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly options: CommitLoopOptions,
    private readonly commits: CommitListener,
    log: Log,
  ) {
    this.outage = new OutageLog(log, options.what);
  }

  start(): void {
    this.unsubscribe = this.commits.subscribe(() => this.wake());
    this.running = this.run();
  }

  wake(): void {
    this.woken = true;
    this.interrupt.sleep?.();
  }

  /** Resolves when the step under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.unsubscribe?.();
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      this.woken = false;
      const pauseMs = await this.step();
      if (pauseMs > 0) await this.sleep(pauseMs);
    }
  }

  private async step(): Promise<number> {
    try {
      const pauseMs = await this.options.step();
      this.outage.worked();
      return Math.min(pauseMs, POLL_MS);
    } catch (error) {
      return backoffMs(this.outage.failed(error), BACKOFF, Math.random);
    }
  }

  private sleep(ms: number): Promise<void> {
    if (this.woken || this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        delete this.interrupt.sleep;
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.interrupt.sleep = wake;
    });
  }
}
