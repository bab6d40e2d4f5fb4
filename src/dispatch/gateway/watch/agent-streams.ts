import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CommitLoops, POLL_MS, type CommitLoop } from '../../../database/commit-loop.js';
import { DeliveriesStore } from '../deliveries/deliveries-store.js';
import { AgentConnection } from './agent-connection.js';

const GOODBYE_MS = 2_000;

/**
 * The watch streams open in this replica, and the one reader that wakes them: after a commit a single query tells which
 * of the connected clusters have new rows, however many agents are connected.
 */
@Injectable()
export class AgentStreams implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly connections = new Map<string, AgentConnection>();
  private readonly missed = new Set<AgentConnection>();
  private readonly loop: CommitLoop;
  private position: number | undefined;

  constructor(
    private readonly deliveries: DeliveriesStore,
    loops: CommitLoops,
  ) {
    this.loop = loops.create({ what: 'looking for deliveries', step: () => this.look() });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  /** Says goodbye to every agent, and gives it a moment to arrive. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
    const open = [...this.connections.values()];
    for (const connection of open) connection.end('the hub is stopping');
    const late = new Promise((resolve) => setTimeout(resolve, GOODBYE_MS).unref());
    await Promise.race([Promise.all(open.map((connection) => connection.closed)), late]);
  }

  /** Up to here every connected cluster without waiting rows has been told everything. */
  get readTo(): number {
    return this.position ?? 0;
  }

  get clusterUids(): string[] {
    return [...this.connections.keys()];
  }

  /** A second stream of a cluster ends the first. */
  open(clusterUid: string, session: string): AgentConnection {
    this.connections.get(clusterUid)?.end('a newer stream of this agent was opened');
    const connection = new AgentConnection(clusterUid, session);
    this.connections.set(clusterUid, connection);
    return connection;
  }

  close(connection: AgentConnection): void {
    connection.close();
    this.missed.delete(connection);
    if (this.connections.get(connection.clusterUid) === connection) this.connections.delete(connection.clusterUid);
  }

  /** Ends the stream of each of these clusters whose session is not the given one; null is none. */
  endOthers(sessions: ReadonlyMap<string, string | null>): void {
    for (const [clusterUid, session] of sessions) {
      const connection = this.connections.get(clusterUid);
      if (connection && connection.session !== session) connection.end('another session was opened');
    }
  }

  /** Wakes the stream after the next look that succeeds: the database it needs is away. */
  retryLater(connection: AgentConnection): void {
    this.missed.add(connection);
  }

  /** The positions may not be the ones they were: everyone comes back and is judged anew. */
  startOver(reason: string): void {
    this.position = undefined;
    for (const connection of this.connections.values()) connection.end(reason);
  }

  private async look(): Promise<number> {
    const asked = new Set(this.position === undefined ? [] : this.connections.keys());
    const { position, clusterUids } =
      this.position === undefined
        ? { position: await this.deliveries.newestPosition(), clusterUids: [] }
        : await this.deliveries.changedSince(this.position, [...asked]);
    const changed = new Set(clusterUids);
    for (const connection of this.connections.values()) {
      // One that was opened meanwhile was not asked about, and may have read before the query did.
      if (changed.has(connection.clusterUid) || !asked.has(connection.clusterUid)) connection.wake();
    }
    for (const connection of this.missed) connection.wake();
    this.missed.clear();
    this.position = position;
    return POLL_MS;
  }
}
