import { Injectable } from '@nestjs/common';

export interface KnownAddress {
  /** What agents dial. */
  url: string;
  /** Of the hub's authority, where it has one of its own. */
  pin?: string;
}

/** How agents reach this hub; unknown until it listens, and its pin may change with its certificate. */
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
