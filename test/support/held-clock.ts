import { Clock } from '../../src/kernel/clock.js';

/** Stands still until the test moves it. */
export class HeldClock extends Clock {
  constructor(private at: Date = new Date('2026-01-01T00:00:00Z')) {
    super();
  }

  now(): Date {
    return this.at;
  }

  advance(seconds: number): void {
    this.at = new Date(this.at.getTime() + seconds * 1000);
  }
}
