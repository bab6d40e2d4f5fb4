import { Clock } from '../../src/kernel/clock.js';

/** A clock that moves only when told. */
export class HeldClock extends Clock {
  constructor(private at = new Date('2026-01-01T00:00:00Z')) {
    super();
  }

  now(): Date {
    return this.at;
  }

  advance(milliseconds: number): void {
    this.at = new Date(this.at.getTime() + milliseconds);
  }
}
