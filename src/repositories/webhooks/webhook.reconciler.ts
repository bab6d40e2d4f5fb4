import { Injectable } from '@nestjs/common';
import { ageMs } from '../../kernel/age.js';
import { Clock } from '../../kernel/clock.js';
import { again, done, type Outcome } from '../../reconcile/outcome.js';
import { Reconciler } from '../../reconcile/reconciler.js';
import { WEBHOOK_QUEUE } from './webhook-door.js';
import { WebhookEventRows } from './webhook-event-rows.js';
import { WebhookLooks } from './webhook-looks.js';

/** A repository is looked at so often at most, however many webhooks tell of it. */
const SHORTEST_MS = 1_000;
const MOST_REMEMBERED = 10_000;

/** Looks after what webhooks told of one repository, all of it at once. */
@Injectable()
export class WebhookReconciler extends Reconciler {
  readonly queue = WEBHOOK_QUEUE;
  override readonly concurrency = 8;
  private readonly lookedAt = new Map<string, number>();

  constructor(
    private readonly rows: WebhookEventRows,
    private readonly looks: WebhookLooks,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** Documents tell no news of remotes. */
  async interestedIn(): Promise<readonly string[]> {
    return [];
  }

  async reconcile(key: string): Promise<Outcome> {
    const since = ageMs(this.lookedAt.get(key) ?? 0, this.now());
    if (since < SHORTEST_MS) return again(SHORTEST_MS - since);
    const waiting = await this.rows.of(key);
    if (waiting.length === 0) return done();
    this.note(key);
    await this.looks.after(waiting.map(({ event }) => event));
    await this.rows.remove(waiting);
    return done();
  }

  private note(key: string): void {
    if (this.lookedAt.size >= MOST_REMEMBERED) this.lookedAt.clear();
    this.lookedAt.set(key, this.now());
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}
