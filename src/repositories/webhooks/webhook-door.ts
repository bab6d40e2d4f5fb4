import { Injectable } from '@nestjs/common';
import { Transactions } from '../../database/transactions.js';
import { parseBoundedJson } from '../../kernel/bounded-json.js';
import { digestBytes, digestJson } from '../../kernel/digest.js';
import { FleetError } from '../../kernel/errors.js';
import { Log } from '../../kernel/log.js';
import { WorkQueue } from '../../reconcile/work-queue.js';
import { eventKey } from '../domain/webhooks/concerned.js';
import { providerOf } from '../domain/webhooks/providers.js';
import type { WebhookEvent } from '../domain/webhooks/webhook-event.js';
import type { WebhookHeaders, WebhookProvider } from '../domain/webhooks/webhook-provider.js';
import { RecentDeliveries } from './recent-deliveries.js';
import { WebhookEventRows, type WebhookEventRow } from './webhook-event-rows.js';
import { isAsked, isProven } from './webhook-proof.js';
import { WebhookSecrets } from './webhook-secrets.js';

export const WEBHOOK_QUEUE = 'webhooks';

/** Events that may wait for a look; what comes beyond them is left to polling. */
const MOST_WAITING = 10_000;
/** Refs that one push may name. */
const MOST_EVENTS = 1_000;

export interface WebhookOutcome {
  /** `repeated` was let in before; `ignored` moves nothing that a hub could look at. */
  status: 'accepted' | 'repeated' | 'ignored';
}

/** Lets webhooks in: whose they are, whether they are proven, and what they tell. Nothing is looked at here. */
@Injectable()
export class WebhookDoor {
  constructor(
    private readonly secrets: WebhookSecrets,
    private readonly recent: RecentDeliveries,
    private readonly rows: WebhookEventRows,
    private readonly queue: WorkQueue,
    private readonly transactions: Transactions,
    private readonly log: Log,
  ) {}

  /** Throws WEBHOOK_UNKNOWN, WEBHOOK_UNREADABLE, WEBHOOK_NOT_PROVEN, WEBHOOK_QUEUE_FULL, and JSON_… of the body. */
  async accept(headers: WebhookHeaders, body: Uint8Array): Promise<WebhookOutcome> {
    const provider = providerOf(headers);
    if (!provider) throw unknownSender();
    await this.requireProof(provider, headers, body);
    const events = provider.read(headers, parseBoundedJson(Buffer.from(body).toString('utf8'))).slice(0, MOST_EVENTS);
    const rows = events.flatMap(rowOf);
    if (rows.length === 0) return { status: 'ignored' };
    const names = deliveryNames(provider, headers, { body, events });
    if (this.recent.isKnown(names)) return { status: 'repeated' };
    this.recent.remember(names); // before anything is awaited: repetitions come at the same time
    await this.keep(rows).catch((error: unknown) => {
      this.recent.forget(names);
      throw error;
    });
    this.log.info({ provider: provider.name, events: rows.length, repository: rows[0]?.key }, 'webhook accepted');
    return { status: 'accepted' };
  }

  private async requireProof(provider: WebhookProvider, headers: WebhookHeaders, body: Uint8Array): Promise<void> {
    const secrets = await this.secrets.values();
    const proof = provider.proof(headers);
    const isOpen = !isAsked(proof, secrets) && provider.needsSecret !== true;
    if (isOpen || (isAsked(proof, secrets) && isProven(proof, body, secrets))) return;
    this.log.warn({ provider: provider.name }, 'a webhook without a valid signature was refused');
    throw notProven();
  }

  private async keep(rows: readonly WebhookEventRow[]): Promise<void> {
    const isKept = await this.transactions.run(async (tx) => {
      const added = await this.rows.add(rows, MOST_WAITING, tx);
      if (added) {
        const keys = [...new Set(rows.map(({ key }) => key))];
        await this.queue.enqueue(WEBHOOK_QUEUE, keys, { tx });
      }
      return added;
    });
    if (!isKept) throw queueFull();
  }
}

function rowOf(event: WebhookEvent): WebhookEventRow[] {
  const key = eventKey(event);
  return key === undefined ? [] : [{ key, digest: digestJson(event), event }];
}

/**
 * What a repetition would be known by: the sender's id, and the body itself where it names the commit that it tells of.
 * Another push of a sender that names none may look the same, and must count.
 */
function deliveryNames(
  provider: WebhookProvider,
  headers: WebhookHeaders,
  { body, events }: { body: Uint8Array; events: readonly WebhookEvent[] },
): string[] {
  const delivery = provider.delivery(headers);
  const namesCommits = events.every((event) => event.kind === 'push' && event.commit !== undefined);
  return [
    ...(delivery === undefined ? [] : [`${provider.name} ${delivery.slice(0, 200)} ${digestBytes(body)}`]),
    ...(namesCommits ? [`${provider.name} ${digestBytes(body)}`] : []),
  ];
}

function unknownSender(): FleetError {
  return new FleetError('malformed', 'WEBHOOK_UNKNOWN', 'no header of this request names a sender of webhooks', {
    hint: 'See docs/spec/webhooks.md for the senders that are known.',
  });
}

/** Tells nobody whether the secret was wrong, missing, or never configured. */
function notProven(): FleetError {
  return new FleetError(
    'unauthenticated',
    'WEBHOOK_NOT_PROVEN',
    'the webhook is not signed with the secret of this hub',
  );
}

function queueFull(): FleetError {
  return new FleetError('unavailable', 'WEBHOOK_QUEUE_FULL', `${MOST_WAITING} events wait to be looked after`, {
    hint: 'Nothing is lost: repositories are polled too.',
    retryAfterSeconds: 10,
  });
}
