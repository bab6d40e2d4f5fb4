import { Clock } from '../../src/kernel/clock.js';
import { Timers } from '../../src/simulator/timers.js';

/** A clock and timers that move only when told: `advance` runs what falls due, in order. */
export class ManualTimers extends Timers {
  readonly clock: Clock;
  private elapsed = 0;
  private waiting: { due: number; action: () => void }[] = [];

  constructor(start = new Date('2026-01-01T00:00:00Z')) {
    super();
    this.clock = { now: () => new Date(start.getTime() + this.elapsed) };
  }

  after(milliseconds: number, action: () => void): () => void {
    const entry = { due: this.elapsed + milliseconds, action };
    this.waiting.push(entry);
    return () => {
      this.waiting = this.waiting.filter((known) => known !== entry);
    };
  }

  advance(milliseconds = 0): void {
    const until = this.elapsed + milliseconds;
    for (let next = this.takeDue(until); next !== undefined; next = this.takeDue(until)) {
      this.elapsed = Math.max(this.elapsed, next.due);
      next.action();
    }
    this.elapsed = until;
  }

  private takeDue(until: number): { due: number; action: () => void } | undefined {
    const [first] = this.waiting.filter(({ due }) => due <= until).sort((a, b) => a.due - b.due);
    if (first !== undefined) this.waiting = this.waiting.filter((known) => known !== first);
    return first;
  }
}
