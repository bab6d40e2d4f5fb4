import { setImmediate } from 'node:timers/promises';
import { Pace, type Breathe } from '../kernel/pace.js';

/**
 * Turns of the long computations of one process: the event loop goes round between any two stretches, whoever they
 * belong to, so that requests, watches and heartbeats wait for one stretch and not for one of every set.
 */
export class Turns {
  private last: Promise<void> = Promise.resolve();

  readonly breathe: Breathe = () => {
    const turn = this.last.then(() => setImmediate());
    this.last = turn;
    return turn;
  };

  pace(): Pace {
    return new Pace(this.breathe);
  }
}
