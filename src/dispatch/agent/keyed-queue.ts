import { backoffMs, type BackoffLimits } from '../../kernel/backoff.js';

export interface KeyedQueueOptions {
  concurrency: number;
  /** Pauses of one key after failures in a row. */
  backoff: BackoffLimits;
  random: () => number;
  /** One pass over a key. Answers after how many ms to come again by itself, or undefined to wait for the next `add`. */
  run: (key: string) => Promise<number | undefined>;
  onFailure: (key: string, error: unknown, retryInMs: number) => void;
}

interface Entry {
  state: 'idle' | 'ready' | 'running' | 'running-again';
  failures: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Passes over keys, at most `concurrency` at a time and never two of one key: what is added while its pass runs is
 * passed over once more. A failing key backs off alone; an `add` in the meantime tries at once.
 */
export class KeyedQueue {
  private readonly entries = new Map<string, Entry>();
  private readonly ready: string[] = [];
  private running = 0;
  private stopped = false;
  private idle: (() => void)[] = [];

  constructor(private readonly options: KeyedQueueOptions) {}

  add(key: string): void {
    if (this.stopped) return;
    const entry = this.entries.get(key) ?? { state: 'idle', failures: 0, timer: undefined };
    this.entries.set(key, entry);
    clearTimeout(entry.timer);
    entry.timer = undefined;
    if (entry.state === 'running') entry.state = 'running-again';
    if (entry.state !== 'idle') return;
    entry.state = 'ready';
    this.ready.push(key);
    this.pump();
  }

  forget(key: string): void {
    const entry = this.entries.get(key);
    if (entry?.state !== 'idle') return;
    clearTimeout(entry.timer);
    this.entries.delete(key);
  }

  /** Starts no more passes and waits for those that run. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.ready.length = 0;
    for (const entry of this.entries.values()) clearTimeout(entry.timer);
    if (this.running > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private pump(): void {
    while (!this.stopped && this.running < this.options.concurrency) {
      const key = this.ready.shift();
      if (key === undefined) return;
      void this.pass(key);
    }
  }

  private async pass(key: string): Promise<void> {
    const entry = this.entries.get(key);
    if (!entry) return;
    entry.state = 'running';
    this.running += 1;
    const againIn = await this.attempt(key, entry);
    this.running -= 1;
    const addedMeanwhile = (entry.state as Entry['state']) === 'running-again';
    entry.state = 'idle';
    if (addedMeanwhile) this.add(key);
    else if (againIn !== undefined) this.later(key, entry, againIn);
    if (this.running === 0) for (const resolve of this.idle.splice(0)) resolve();
    this.pump();
  }

  private async attempt(key: string, entry: Entry): Promise<number | undefined> {
    try {
      const againIn = await this.options.run(key);
      entry.failures = 0;
      return againIn;
    } catch (error) {
      entry.failures += 1;
      const retryInMs = backoffMs(entry.failures, this.options.backoff, this.options.random);
      this.options.onFailure(key, error, retryInMs);
      return retryInMs;
    }
  }

  private later(key: string, entry: Entry, ms: number): void {
    if (this.stopped) return;
    entry.timer = setTimeout(() => this.add(key), ms).unref();
  }
}
