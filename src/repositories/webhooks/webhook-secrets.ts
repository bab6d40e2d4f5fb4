import { Injectable } from '@nestjs/common';
import { Transactions, type Queryable } from '../../database/transactions.js';
import { ageMs } from '../../kernel/age.js';
import { Clock } from '../../kernel/clock.js';
import { canonicalJson } from '../../kernel/json.js';
import { Sealer } from '../../kernel/seal.js';
import { WEBHOOK_SECRET_KEYS, type WebhookSecretKey } from '../domain/webhooks/webhook-provider.js';

export type WebhookSecretValues = ReadonlyMap<WebhookSecretKey, string>;

/** The Secret that holds them, as it is kept. */
export interface WebhookSecretRow {
  namespace: string;
  name: string;
  labels: Record<string, string>;
  sealed: string;
}

/** How long this replica goes on with what it knew after another one took a new Secret. */
const FRESH_MS = 5_000;

/** What senders of webhooks prove to know: by the hub's variables, and for what those do not tell by an applied Secret. */
@Injectable()
export class WebhookSecrets {
  private kept: { at: number; rows: Promise<WebhookSecretRow[]> } | undefined;

  constructor(
    private readonly configured: WebhookSecretValues,
    private readonly transactions: Transactions,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {}

  /** Throws SEAL_BROKEN or SEAL_UNKNOWN_KEY: a secret that does not open is not an absent one. */
  async values(): Promise<WebhookSecretValues> {
    const stored = (await this.rows()).flatMap((row) => [...this.open(row)]);
    return new Map([...stored, ...this.configured]);
  }

  async find({ namespace, name }: { namespace: string; name: string }): Promise<WebhookSecretRow | undefined> {
    return (await this.read()).find((row) => row.namespace === namespace && row.name === name);
  }

  async put(row: WebhookSecretRow, on: Queryable): Promise<void> {
    await on.query(
      `insert into webhook_secrets (namespace, name, labels, sealed) values ($1, $2, $3, $4)
       on conflict (namespace, name) do update
       set labels = excluded.labels, sealed = excluded.sealed, updated_at = now()`,
      [row.namespace, row.name, JSON.stringify(row.labels), row.sealed],
    );
  }

  /** After a write. */
  forget(): void {
    this.kept = undefined;
  }

  seal(row: Omit<WebhookSecretRow, 'sealed'>, values: WebhookSecretValues): string {
    return this.sealer.seal(canonicalJson(Object.fromEntries(values)), contextOf(row));
  }

  open(row: WebhookSecretRow): WebhookSecretValues {
    const values = new Map(
      Object.entries(JSON.parse(this.sealer.unseal(row.sealed, contextOf(row))) as Record<string, string>),
    );
    return new Map(WEBHOOK_SECRET_KEYS.flatMap((key) => (values.get(key) ? [[key, values.get(key) ?? '']] : [])));
  }

  private async rows(): Promise<WebhookSecretRow[]> {
    const now = this.clock.now().getTime();
    if (this.kept === undefined || ageMs(this.kept.at, now) > FRESH_MS) this.kept = { at: now, rows: this.read() };
    const reading = this.kept;
    try {
      return await reading.rows;
    } catch (error) {
      if (this.kept === reading) this.kept = undefined;
      throw error;
    }
  }

  private read(): Promise<WebhookSecretRow[]> {
    return this.transactions.query(
      `select namespace, name, labels, sealed from webhook_secrets order by namespace, name`,
    );
  }
}

function contextOf({ namespace, name }: Omit<WebhookSecretRow, 'sealed'>): string {
  return `webhook Secret ${namespace}/${name}`;
}
