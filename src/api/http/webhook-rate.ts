import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { FleetError } from '../../kernel/errors.js';

/** Requests at once, and then a second. */
const BURST = 500;
const PER_SECOND = 100;
/** Bodies that may be in memory at once, as many as fit; one of the largest always does. */
const BYTES_AT_ONCE = 128 << 20;

/** What webhooks may cost a replica before anybody knows who sends them: asked before a body is read. */
@Injectable()
export class WebhookRate {
  private left = BURST;
  private filledAt: number;
  private bytes = 0;

  constructor(private readonly clock: Clock) {
    this.filledAt = clock.now().getTime();
  }

  /** Takes room for one request; call the answer when it is over. Throws WEBHOOK_RATE and WEBHOOK_BUSY. */
  enter(bytes: number): () => void {
    this.fill();
    if (this.left < 1) throw tooMany();
    if (this.bytes > 0 && this.bytes + bytes > BYTES_AT_ONCE) throw busy();
    this.left -= 1;
    this.bytes += bytes;
    let isOver = false;
    return () => {
      if (!isOver) this.bytes -= bytes;
      isOver = true;
    };
  }

  /** A clock that was set back fills nothing for a while, and takes nothing away. */
  private fill(): void {
    const now = this.clock.now().getTime();
    this.left = Math.min(BURST, this.left + (Math.max(0, now - this.filledAt) / 1_000) * PER_SECOND);
    this.filledAt = now;
  }
}

function tooMany(): FleetError {
  const message = `more than ${PER_SECOND} webhooks a second are not read`;
  return new FleetError('too-many', 'WEBHOOK_RATE', message, { retryAfterSeconds: 1 });
}

function busy(): FleetError {
  const message = 'other webhooks with large bodies are being read';
  return new FleetError('unavailable', 'WEBHOOK_BUSY', message, { retryAfterSeconds: 1 });
}
