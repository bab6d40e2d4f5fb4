import type { Clock } from '../../src/kernel/clock.js';
import { Timers } from '../../src/simulator/timers.js';

const START = Date.parse('2026-01-01T00:00:00Z');

interface Timer {
  due: number;
  action: () => void;
}

/** Time that moves only when it is told to, for everything of one simulation: clocks, timers, `setTimeout`. */
export class VirtualTime extends Timers {
  readonly clock: Clock;
  /** The database's, which is nobody's wall clock. */
  readonly databaseClock: Clock;
  private elapsed = 0;
  /** How far wall clocks are off. */
  private skew = 0;
  private readonly timers = new Set<Timer>();

  constructor() {
    super();
    this.clock = { now: () => new Date(START + this.elapsed + this.skew) };
    this.databaseClock = { now: () => new Date(START + this.elapsed) };
  }

  after(milliseconds: number, action: () => void): () => void {
    const timer = { due: this.elapsed + milliseconds, action };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** Runs the next timer if it is due within so many milliseconds. */
  advanceToNext(within: number): boolean {
    const next = Math.min(...[...this.timers].map(({ due }) => due));
    if (next > this.elapsed + within) return false;
    this.advance(Math.max(0, next - this.elapsed));
    return true;
  }

  /** Whatever falls due on the way is run, in order. */
  advance(milliseconds: number): void {
    this.elapsed += milliseconds;
    const due = [...this.timers].filter((timer) => timer.due <= this.elapsed).sort((a, b) => a.due - b.due);
    for (const timer of due) if (this.timers.delete(timer)) timer.action();
  }

  /** Wall clocks jump; what was to come after a while still comes after that while. */
  jump(milliseconds: number): void {
    this.skew += milliseconds;
  }

  /** Makes `setTimeout` of this process wait for this time; answers how to undo that. */
  install(): () => void {
    const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
    const cancel = new WeakMap<object, () => void>();
    const waitFor = (action: () => void, milliseconds = 0): object => {
      const handle: object = { unref: () => handle, ref: () => handle };
      cancel.set(handle, this.after(milliseconds, action));
      return handle;
    };
    const stop = (handle?: object): void => {
      const known = typeof handle === 'object' ? cancel.get(handle) : undefined;
      if (known) known();
      else real.clearTimeout(handle as NodeJS.Timeout | undefined);
    };
    Object.assign(globalThis, { setTimeout: waitFor, clearTimeout: stop });
    return () => void Object.assign(globalThis, real);
  }
}
