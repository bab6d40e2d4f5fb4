import { Injectable } from '@nestjs/common';

export interface KnownAddress {
  /** What agents dial. */
  url: string;
  /** Of the hub's authority, where it has one of its own. */
  pin?: string;
  /** Where helm finds the agent's chart. */
  chart: string;
  /** The agent's image, where it is not the chart's own. */
  image?: string;
}

/** How agents come to this hub; unknown until it listens, and its pin may change with its certificate. */
@Injectable()
export class HubAddress {
  private read: () => KnownAddress | undefined = () => undefined;

  get known(): KnownAddress | undefined {
    return this.read();
  }

  tell(read: () => KnownAddress): void {
    this.read = read;
  }
}
