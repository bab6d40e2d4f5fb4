import type { Timers } from './timers.js';

/**
 * Work that controllers do after the write that caused it, never inside it: listeners then see changes in order.
 * One piece per key waits at a time.
 */
export class ControllerQueue {
  private readonly waiting = new Map<string, () => void>();
  private readonly cancels = new Map<string, () => void>();
  private closed = false;
  private scheduled = false;

  constructor(private readonly timers: Timers) {}

  /** Runs soon, after what is already waiting. */
  soon(key: string, action: () => void): void {
    if (this.closed) return;
    this.waiting.set(key, action);
    if (this.scheduled) return;
    this.scheduled = true;
    this.timers.after(0, () => this.drain());
  }

  /** Runs after a delay unless the same key already waits for one. */
  later(key: string, milliseconds: number, action: () => void): void {
    if (this.closed || this.cancels.has(key)) return;
    const cancel = this.timers.after(milliseconds, () => {
      this.cancels.delete(key);
      action();
    });
    this.cancels.set(key, cancel);
  }

  close(): void {
    this.closed = true;
    this.waiting.clear();
    for (const cancel of this.cancels.values()) cancel();
    this.cancels.clear();
  }

  private drain(): void {
    this.scheduled = false;
    while (this.waiting.size > 0) {
      const batch = [...this.waiting.values()];
      this.waiting.clear();
      for (const action of batch) action();
    }
  }
}
