import { ageMs } from '../../kernel/age.js';
import type { Clock } from '../../kernel/clock.js';

const REMEMBERED_MS = 10 * 60_000;
const MOST = 20_000;

/** Deliveries that this replica let in a short while ago. Others may let one in again: then it is one look more. */
export class RecentDeliveries {
  /** Oldest first. */
  private readonly seen = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  isKnown(names: readonly string[]): boolean {
    const now = this.now();
    return names.some((name) => {
      const at = this.seen.get(name);
      return at !== undefined && ageMs(at, now) <= REMEMBERED_MS;
    });
  }

  remember(names: readonly string[]): void {
    for (const name of names) {
      this.seen.delete(name);
      this.seen.set(name, this.now());
    }
    for (const oldest of this.seen.keys()) {
      if (this.seen.size <= MOST) return;
      this.seen.delete(oldest);
    }
  }

  /** They could not be kept: the sender may come again. */
  forget(names: readonly string[]): void {
    for (const name of names) this.seen.delete(name);
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}
