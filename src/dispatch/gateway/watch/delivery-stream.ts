import type { HubIdentity } from '../../../database/hub-identity.js';
import { encodeCursor } from '../../protocol/cursor.js';
import { snapshotDigest, type WatchEvent } from '../../protocol/delivery.js';
import type { ClusterDeliveries, DeliveriesStore } from '../deliveries/deliveries-store.js';
import { toDelivery } from '../deliveries/stored-delivery.js';
import type { AgentConnection } from './agent-connection.js';
import type { CarriedContents } from './carried-contents.js';
import type { AgentStreams } from './agent-streams.js';

export interface DeliveryStreamParts {
  identity: HubIdentity;
  connection: AgentConnection;
  streams: AgentStreams;
  deliveries: DeliveriesStore;
  contents: CarriedContents;
  heartbeatMs: number;
}

/** Lines written in one piece. */
const CHUNK_LINES = 200;

/**
 * What one agent is told: a snapshot or the rows past its cursor, then rows as they are committed. It reads rows only
 * when the last ones are written out, so a slow agent costs one reading of its own rows and never a queue.
 */
export class DeliveryStream {
  private position = 0;
  private bookmarked = -1;
  private first: WatchEvent[] = [];

  constructor(private readonly parts: DeliveryStreamParts) {}

  /** Reads the first rows: those past the position, or all of them for a reader with none or one ahead of the hub. */
  async begin(known: number | undefined): Promise<void> {
    const rows = await this.read(known);
    const isAhead = known !== undefined && known > rows.position;
    if (known === undefined) this.first = this.snapshot(rows);
    else this.first = isAhead ? this.snapshot(await this.read(undefined)) : await this.news(rows);
  }

  close(): void {
    this.parts.streams.close(this.parts.connection);
  }

  /** The stream's text. Ends with `bye` when the session was replaced or the hub stops. */
  async *text(): AsyncGenerator<string> {
    for await (const events of this.events()) {
      for (let at = 0; at < events.length; at += CHUNK_LINES) {
        yield events
          .slice(at, at + CHUNK_LINES)
          .map((event) => `${JSON.stringify(event)}\n`)
          .join('');
      }
    }
  }

  private async *events(): AsyncGenerator<WatchEvent[]> {
    const { connection, heartbeatMs } = this.parts;
    yield this.first;
    this.first = [];
    for (;;) {
      const wake = await connection.next(heartbeatMs);
      if (wake === 'ended') break;
      yield wake === 'rows' ? await this.changes() : this.signOfLife();
    }
    yield [{ type: 'bye', reason: connection.farewell ?? 'closed' }];
  }

  /** A database that is away for a moment is no reason to send the agent away: it is told that we live, and later the rows. */
  private async changes(): Promise<WatchEvent[]> {
    try {
      return await this.news(await this.read(this.position));
    } catch {
      this.parts.streams.retryLater(this.parts.connection);
      return [{ type: 'heartbeat' }];
    }
  }

  private read(since: number | undefined): Promise<ClusterDeliveries> {
    return this.parts.deliveries.forCluster(this.parts.connection.clusterUid, since);
  }

  private snapshot({ position, deliveries }: ClusterDeliveries): WatchEvent[] {
    const cursor = this.reach(position);
    return [
      { type: 'snapshot' },
      ...deliveries.map((row) => ({ type: 'delivery', delivery: toDelivery(row, this.parts.identity) }) as const),
      { type: 'snapshot-end', count: deliveries.length, digest: snapshotDigest(deliveries), cursor },
    ];
  }

  private async news({ position, deliveries }: ClusterDeliveries): Promise<WatchEvent[]> {
    const bundles = await this.parts.contents.bundlesOf(deliveries);
    const cursor = this.reach(position);
    const events = deliveries.map((row): WatchEvent => {
      const bundle = bundles.get(row);
      return {
        type: 'delivery',
        delivery: toDelivery(row, this.parts.identity),
        ...(row.settings === undefined ? {} : { settings: row.settings }),
        ...(bundle === undefined ? {} : { bundle }),
      };
    });
    return [...events, { type: 'bookmark', cursor }];
  }

  private signOfLife(): WatchEvent[] {
    const position = Math.max(this.position, this.parts.streams.readTo);
    if (position === this.bookmarked) return [{ type: 'heartbeat' }];
    return [{ type: 'bookmark', cursor: this.reach(position) }];
  }

  private reach(position: number): string {
    this.position = position;
    this.bookmarked = position;
    return encodeCursor({ ...this.parts.identity, position });
  }
}
