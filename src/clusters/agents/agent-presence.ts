import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Log } from '../../kernel/log.js';
import { AgentStore } from './agent-store.js';
import { ClusterStatusStore } from './cluster-status-store.js';

const LAST_SEEN_MS = 15_000;
const STATUS_MS = 60_000;
/** Silence after which a cluster counts as disconnected: three heartbeats and a margin. */
const SILENT_MS = 60_000;

/** Who is there. Signs of life are written a few times a minute at most, however many there are. */
@Injectable()
export class AgentPresence {
  constructor(
    private readonly agents: AgentStore,
    private readonly statuses: ClusterStatusStore,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async seen(clusterUids: readonly string[]): Promise<void> {
    if (clusterUids.length === 0) return;
    const now = this.clock.now();
    await this.agents.touch(clusterUids, now, before(now, LAST_SEEN_MS));
    await this.statuses.markConnected(clusterUids, now, before(now, STATUS_MS));
  }

  /** Marks the silent as disconnected; any replica may do it for all. */
  async sweep(): Promise<void> {
    const names = await this.statuses.markDisconnected(before(this.clock.now(), SILENT_MS));
    if (names.length > 0) this.log.warn({ clusters: names }, 'agents have fallen silent');
  }

  sessions(clusterUids: readonly string[]): Promise<Map<string, string | null>> {
    return this.agents.sessions(clusterUids);
  }
}

function before(now: Date, ms: number): Date {
  return new Date(now.getTime() - ms);
}
