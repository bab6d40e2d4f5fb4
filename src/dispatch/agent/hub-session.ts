import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../../kernel/backoff.js';
import { FleetError, messageOf } from '../../kernel/errors.js';
import { decodeCursor, type Cursor } from '../protocol/cursor.js';
import { snapshotDigest, type Delivery, type WatchEvent } from '../protocol/delivery.js';
import type { Facts, SessionResponse } from '../protocol/join.js';
import { PROTOCOL_VERSIONS } from '../protocol/versions.js';
import type { AgentEngine } from './agent-engine.js';
import type { Log } from '../../kernel/log.js';
import type { ContentsAtHand } from './contents-at-hand.js';
import type { HubClient } from './hub-client.js';
import type { Reporter } from './reporter.js';

export interface HubSessionOptions {
  hub: HubClient;
  engine: AgentEngine;
  reporter: Reporter;
  contents: ContentsAtHand;
  hubId: string;
  kubeSystemUid: string;
  facts: () => Promise<Facts>;
  random: () => number;
  logger: Log;
  signal: AbortSignal;
}

const PAUSE = { firstMs: 250, longestMs: 30_000 };
/** A snapshot is buffered until it is known to be whole; no cluster has as many Applications. */
const LARGEST_SNAPSHOT = 100_000;

/**
 * The agent's conversation with its hub: a session, and in it a watch that goes on from the last cursor. Whatever ends
 * it, it is taken up again after a pause; meanwhile the engine works on with what it has.
 */
export class HubSession {
  private session: SessionResponse | undefined;
  private cursor: string | undefined;
  private snapshot: Delivery[] | undefined;
  private watching = new AbortController();

  constructor(private readonly options: HubSessionOptions) {}

  async run(): Promise<void> {
    const { signal, random, logger } = this.options;
    let failures = 0;
    while (!signal.aborted) {
      try {
        this.session ??= await this.open();
        for await (const event of this.follow(this.session)) {
          failures = 0;
          await this.take(event, this.session);
        }
        failures += 1;
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        if (error instanceof FleetError) this.session = undefined;
        logger.warn({ err: messageOf(error), failures }, 'hub connection lost; taking it up again');
      }
      if (this.session !== undefined || failures > 1) await this.pause(backoffMs(failures, PAUSE, random));
    }
  }

  /** The hub ended the session elsewhere (a report was refused): the watch is given up and another session opened. */
  ended(): void {
    this.session = undefined;
    this.watching.abort();
  }

  private async open(): Promise<SessionResponse> {
    const { hub, reporter, engine, logger, hubId, kubeSystemUid } = this.options;
    const facts = await this.options.facts();
    const session = await hub.openSession({ protocolVersions: [...PROTOCOL_VERSIONS], kubeSystemUid, facts });
    if (session.hubId !== hubId) {
      throw new FleetError(
        'conflict',
        'OTHER_HUB',
        `joined hub ${hubId}, but ${session.hubId} answers: keeping everything`,
      );
    }
    logger.info({ session: session.session, epoch: session.epoch }, 'session opened');
    if (this.cursor !== undefined && decodeCursor(this.cursor)?.epoch !== session.epoch) this.cursor = undefined;
    reporter.open(session.session, facts);
    engine.retell();
    return session;
  }

  private follow(session: SessionResponse): AsyncGenerator<WatchEvent> {
    this.snapshot = undefined;
    this.watching = new AbortController();
    const signal = AbortSignal.any([this.options.signal, this.watching.signal]);
    return this.options.hub.watch(session.session, this.cursor, signal);
  }

  private async take(event: WatchEvent, session: SessionResponse): Promise<void> {
    switch (event.type) {
      case 'snapshot':
        this.snapshot = [];
        return;
      case 'delivery':
        this.options.contents.put(event);
        return this.takeDelivery(event.delivery, session);
      case 'snapshot-end':
        return this.takeSnapshot(event);
      case 'bookmark':
        await this.options.engine.reach(cursorOf(event.cursor));
        this.cursor = event.cursor;
        return;
      case 'heartbeat':
        return;
      case 'bye':
        throw new FleetError('conflict', 'SESSION_ENDED', `the hub ended the stream: ${event.reason}`);
    }
  }

  private takeDelivery(delivery: Delivery, session: SessionResponse): void {
    if (this.snapshot === undefined) {
      if (delivery.epoch === session.epoch) return this.options.engine.accept(delivery);
      this.cursor = undefined;
      throw new FleetError(
        'conflict',
        'EPOCH_CHANGED',
        `a delivery of epoch ${delivery.epoch} in a session of ${session.epoch}`,
      );
    }
    if (this.snapshot.length >= LARGEST_SNAPSHOT) {
      throw new FleetError('too-large', 'SNAPSHOT_TOO_LARGE', `a snapshot of more than ${LARGEST_SNAPSHOT} deliveries`);
    }
    this.snapshot.push(delivery);
  }

  /** A snapshot that lost a line is thrown away whole: it must not decide what is unowned. */
  private async takeSnapshot(end: { count: number; digest: string; cursor: string }): Promise<void> {
    const deliveries = this.snapshot ?? [];
    this.snapshot = undefined;
    if (deliveries.length !== end.count || snapshotDigest(deliveries) !== end.digest) {
      this.cursor = undefined;
      throw new FleetError(
        'unavailable',
        'SNAPSHOT_INCOMPLETE',
        `the snapshot has ${deliveries.length} deliveries, ${end.count} were announced or their digest differs`,
      );
    }
    await this.options.engine.takeSnapshot(deliveries, cursorOf(end.cursor));
    this.cursor = end.cursor;
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.options.signal, ref: false }).catch(() => undefined);
  }
}

function cursorOf(text: string): Cursor & { fencePosition: null } {
  const cursor = decodeCursor(text);
  if (cursor) return { ...cursor, fencePosition: null };
  throw new FleetError('malformed', 'CURSOR', 'the hub sent a cursor that cannot be read');
}
