import pg from 'pg';
import type { Logger } from 'pino';
import { messageOf } from '../kernel/errors.js';
import { COMMITS_CHANNEL } from './commit-order.js';

const RECONNECT_MS = 1_000;

/**
 * Tells its subscribers that something was committed. Only a hint that saves waiting: after a lost connection it
 * wakes everyone once, and every reader polls besides.
 */
export class CommitListener {
  private readonly subscribers = new Set<() => void>();
  private readonly hearers = new Map<string, (payload: string) => void>();
  private client: pg.Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly url: string,
    private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    await this.connect();
  }

  /** Answers the unsubscribe function. */
  subscribe(wake: () => void): () => void {
    this.subscribers.add(wake);
    return () => this.subscribers.delete(wake);
  }

  /** Takes the payloads of another channel; what is sent while the connection is lost is not heard. */
  hear(channel: string, hearer: (payload: string) => void): void {
    this.hearers.set(channel, hearer);
    void this.listen().catch(() => undefined); // a connection that broke listens again when it is back
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, keepAlive: true });
    this.client = client;
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel === COMMITS_CHANNEL) this.wakeAll();
      else this.hearers.get(channel)?.(payload);
    });
    client.on('error', () => undefined); // 'end' follows, and reconnects
    client.once('end', () => this.reconnectLater());
    try {
      await client.connect();
      await this.listen();
      this.wakeAll();
    } catch (error) {
      this.logger.warn({ error: messageOf(error) }, 'commit notifications are off; polling until they are back');
      await client.end().catch(() => undefined);
      this.reconnectLater();
    }
  }

  private async listen(): Promise<void> {
    for (const channel of [COMMITS_CHANNEL, ...this.hearers.keys()]) await this.client?.query(`listen ${channel}`);
  }

  private reconnectLater(): void {
    if (this.stopped) return;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.connect(), RECONNECT_MS);
  }

  private wakeAll(): void {
    for (const wake of this.subscribers) wake();
  }
}
