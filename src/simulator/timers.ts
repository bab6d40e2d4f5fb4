/** The only source of delays in the simulator; tests advance them by hand. */
export abstract class Timers {
  /** Runs `action` once after `milliseconds`; the answer cancels it. */
  abstract after(milliseconds: number, action: () => void): () => void;
}

/** Real timers that never keep a process alive. */
export class SystemTimers extends Timers {
  after(milliseconds: number, action: () => void): () => void {
    const timer = setTimeout(action, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  }
}
