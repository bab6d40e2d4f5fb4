import type { Log } from '../kernel/log.js';
import { messageOf } from '../kernel/errors.js';

/** Says once that something stopped working and once that it works again, however often it is tried in between. */
export class OutageLog {
  private failures = 0;

  constructor(
    private readonly log: Log,
    private readonly what: string,
  ) {}

  /** Answers how many times in a row it has failed now. */
  failed(error: unknown): number {
    this.failures += 1;
    if (this.failures === 1) this.log.warn({ what: this.what, error: messageOf(error) }, 'failed; trying again');
    return this.failures;
  }

  worked(): void {
    if (this.failures > 0) this.log.info({ what: this.what, failures: this.failures }, 'works again');
    this.failures = 0;
  }
}
