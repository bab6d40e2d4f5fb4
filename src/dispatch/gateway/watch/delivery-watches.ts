import { Injectable } from '@nestjs/common';
import { AgentStore } from '../../../clusters/agents/agent-store.js';
import { sessionEnded } from '../../../clusters/agents/agent-sessions.js';
import { decodeCursor } from '../../protocol/cursor.js';
import { CurrentIdentity } from '../current-identity.js';
import { DeliveriesStore } from '../deliveries/deliveries-store.js';
import { GatewayOptions } from '../gateway-options.js';
import { AgentStreams } from './agent-streams.js';
import { CarriedContents } from './carried-contents.js';
import { DeliveryStream } from './delivery-stream.js';

export interface WatchRequest {
  session: string;
  /** Cursor of the last bookmark or snapshot; a snapshot is sent without it. */
  since?: string;
}

/** Opens watch streams. */
@Injectable()
export class DeliveryWatches {
  constructor(
    private readonly agents: AgentStore,
    private readonly identity: CurrentIdentity,
    private readonly deliveries: DeliveriesStore,
    private readonly streams: AgentStreams,
    private readonly contents: CarriedContents,
    private readonly options: GatewayOptions,
  ) {}

  /** Ends the stream of the session before, if it is in this replica; elsewhere it ends with the next heartbeat. */
  sessionOpened(clusterUid: string, session: string): void {
    this.streams.endOthers(new Map([[clusterUid, session]]));
  }

  /** Throws SESSION_ENDED. What can fail has been done when it answers: the first rows are read. */
  async open(clusterUid: string, { session, since }: WatchRequest): Promise<DeliveryStream> {
    const agent = await this.agents.find(clusterUid);
    if (agent?.session !== session) throw sessionEnded();
    const identity = await this.identity.read();
    const cursor = since === undefined ? undefined : decodeCursor(since);
    const known = cursor?.hubId === identity.hubId && cursor.epoch === identity.epoch ? cursor.position : undefined;
    const stream = new DeliveryStream({
      identity,
      connection: this.streams.open(clusterUid, session),
      streams: this.streams,
      deliveries: this.deliveries,
      contents: this.contents,
      heartbeatMs: this.options.heartbeatMs,
    });
    try {
      await stream.begin(known);
      return stream;
    } catch (error) {
      stream.close();
      throw error;
    }
  }
}
