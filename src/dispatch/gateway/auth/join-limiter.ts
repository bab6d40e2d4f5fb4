import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { FleetError } from '../../../kernel/errors.js';

const WINDOW_MS = 60_000;
const MOST_FAILURES = 10;
const MOST_ADDRESSES = 10_000;

/** Slows guessing of join tokens, by address. Good joins are not counted: a whole fleet may join from one address. */
@Injectable()
export class JoinLimiter {
  private readonly failures = new Map<string, { count: number; until: number }>();

  constructor(private readonly clock: Clock) {}

  /** Throws TOO_MANY_JOINS once an address has sent too many wrong tokens within a minute. */
  refuseGuessing(address: string): void {
    const now = this.clock.now().getTime();
    const window = this.failures.get(address);
    if (!window || window.until <= now || window.count < MOST_FAILURES) return;
    throw new FleetError('too-many', 'TOO_MANY_JOINS', 'too many join tokens from this address were wrong', {
      retryAfterSeconds: Math.ceil((window.until - now) / 1000),
    });
  }

  failed(address: string): void {
    const now = this.clock.now().getTime();
    const window = this.failures.get(address);
    if (window && window.until > now) {
      window.count += 1;
      return;
    }
    this.failures.delete(address);
    this.failures.set(address, { count: 1, until: now + WINDOW_MS });
    const [oldest] = this.failures.keys();
    if (this.failures.size > MOST_ADDRESSES && oldest !== undefined) this.failures.delete(oldest);
  }
}
