import { Injectable } from '@nestjs/common';
import { HubIdentityStore, type HubIdentity } from '../../database/hub-identity.js';
import { Clock } from '../../kernel/clock.js';
import { Gathering } from '../../kernel/gathering.js';

const FRESH_MS = 10_000;

/** The hub's id and epoch, read again every few seconds: a restore or an admin may change the epoch at any time. */
@Injectable()
export class CurrentIdentity {
  private known: { identity: HubIdentity; until: number } | undefined;
  private readonly reading = new Gathering<null, HubIdentity>({ most: Infinity, work: (asked) => this.readFor(asked) });

  constructor(
    private readonly store: HubIdentityStore,
    private readonly clock: Clock,
  ) {}

  async read(): Promise<HubIdentity> {
    const now = this.clock.now().getTime();
    if (this.known && now < this.known.until) return this.known.identity;
    return this.reading.add(null);
  }

  /** Once for all who ask while it is not known. */
  private async readFor(asked: readonly null[]): Promise<HubIdentity[]> {
    const identity = await this.store.read();
    this.known = { identity, until: this.clock.now().getTime() + FRESH_MS };
    return asked.map(() => identity);
  }
}
