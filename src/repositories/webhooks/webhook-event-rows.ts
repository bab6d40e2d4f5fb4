import { Injectable } from '@nestjs/common';
import { Transactions, type Queryable } from '../../database/transactions.js';
import type { WebhookEvent } from '../domain/webhooks/webhook-event.js';

export interface WebhookEventRow {
  /** The repository, one name for all its spellings. */
  key: string;
  /** Of the event: told twice before anybody looked, it is one. */
  digest: string;
  event: WebhookEvent;
}

/** As it was read; told again since, it has a later time and stays. */
export type WaitingEvent = WebhookEventRow & { receivedAt: string };

/** Events that nobody looked after yet. */
@Injectable()
export class WebhookEventRows {
  constructor(private readonly transactions: Transactions) {}

  /** Answers false, and keeps none of them, where more than `most` would wait. */
  async add(rows: readonly WebhookEventRow[], most: number, on: Queryable): Promise<boolean> {
    const [waiting] = await on.query<{ count: string }>(`select count(*) as count from webhook_events`);
    if (Number(waiting?.count) + rows.length > most) return false;
    await on.query(
      `insert into webhook_events (key, digest, event)
       select r.key, r.digest, r.event from jsonb_to_recordset($1::jsonb) as r(key text, digest text, event jsonb)
       order by r.key, r.digest
       on conflict (key, digest) do update set received_at = clock_timestamp()`,
      [JSON.stringify(rows)],
    );
    return true;
  }

  of(key: string): Promise<WaitingEvent[]> {
    return this.transactions.query(
      `select key, digest, event, received_at::text as "receivedAt" from webhook_events where key = $1 order by received_at, digest`,
      [key],
    );
  }

  async remove(rows: readonly WaitingEvent[]): Promise<void> {
    await this.transactions.query(
      `delete from webhook_events w using unnest($1::text[], $2::text[], $3::timestamptz[]) as d(key, digest, received_at)
       where w.key = d.key and w.digest = d.digest and w.received_at = d.received_at`,
      [rows.map(({ key }) => key), rows.map(({ digest }) => digest), rows.map(({ receivedAt }) => receivedAt)],
    );
  }
}
