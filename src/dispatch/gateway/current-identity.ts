import { Injectable } from '@nestjs/common';
import { HubIdentityStore, type HubIdentity } from '../../database/hub-identity.js';
import { Clock } from '../../kernel/clock.js';

const FRESH_MS = 10_000;

/** The hub's id and epoch, read again every few seconds: a restore or an admin may change the epoch at any time. */
@Injectable()
export class CurrentIdentity {
  private known: { identity: HubIdentity; until: number } | undefined;

  constructor(
    private readonly store: HubIdentityStore,
    private readonly clock: Clock,
  ) {}

  async read(): Promise<HubIdentity> {
    const now = this.clock.now().getTime();
    if (this.known && now < this.known.until) return this.known.identity;
    const identity = await this.store.read();
    this.known = { identity, until: now + FRESH_MS };
    return identity;
  }
}
