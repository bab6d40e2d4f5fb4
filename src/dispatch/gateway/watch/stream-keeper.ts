import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { AgentPresence } from '../../../clusters/agents/agent-presence.js';
import { OutageLog } from '../../../database/outage-log.js';
import { Log } from '../../../kernel/log.js';
import { CurrentIdentity } from '../current-identity.js';
import { GatewayOptions } from '../gateway-options.js';
import { AgentStreams } from './agent-streams.js';

/** Every heartbeat, a few queries for all agents together: who is there, who was replaced, is it still the same history. */
@Injectable()
export class StreamKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly outage: OutageLog;
  private epoch: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();

  constructor(
    private readonly streams: AgentStreams,
    private readonly presence: AgentPresence,
    private readonly identity: CurrentIdentity,
    private readonly options: GatewayOptions,
    log: Log,
  ) {
    this.outage = new OutageLog(log, 'looking after agents');
  }

  onApplicationBootstrap(): void {
    this.schedule();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.round;
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      this.round = this.lookAfter().then(() => {
        if (this.timer !== undefined) this.schedule();
      });
    }, this.options.heartbeatMs);
  }

  private async lookAfter(): Promise<void> {
    try {
      await this.checkEpoch();
      const clusterUids = this.streams.clusterUids;
      this.streams.endOthers(await this.presence.sessions(clusterUids));
      await this.presence.seen(clusterUids);
      await this.presence.sweep();
      this.outage.worked();
    } catch (error) {
      this.outage.failed(error);
    }
  }

  private async checkEpoch(): Promise<void> {
    const { epoch } = await this.identity.read();
    if (this.epoch !== undefined && this.epoch !== epoch) this.streams.startOver('the history of this hub was changed');
    this.epoch = epoch;
  }
}
