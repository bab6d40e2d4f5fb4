import { Ids } from '../../src/kernel/ids.js';

/** One after the other, so that a seed gives the same identifiers each time. */
export class CountedIds extends Ids {
  private count = 0;

  uuid(): string {
    this.count += 1;
    return `00000000-0000-4000-8000-${this.count.toString(16).padStart(12, '0')}`;
  }

  secret(bytes: number): string {
    return this.uuid().slice(-bytes);
  }
}
