import type { Random } from '../model/random.js';

/** One start of a process. Once it is over, nothing of it ever runs on: it was killed wherever it stood. */
export class Life {
  private readonly stopping = new AbortController();

  constructor(readonly name: string) {}

  get isOver(): boolean {
    return this.stopping.signal.aborted;
  }

  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  end(): void {
    this.stopping.abort();
  }
}

interface Waiting {
  life: Life;
  goOn: () => void;
}

/**
 * Whoever talks to a database or an API waits here for its turn, and the seed decides whose turn it is. Nothing else in
 * a simulation waits for anything real, so that the same seed gives the same history, statement by statement.
 */
export class Interleaving {
  private waiting: Waiting[] = [];
  /** Turns taken so far. */
  count = 0;

  constructor(private readonly random: Random) {}

  turn(life: Life): Promise<void> {
    return new Promise((goOn) => {
      if (!life.isOver) this.waiting.push({ life, goOn });
    });
  }

  /** Lets one of those that wait go on, as far as it gets. False where nobody (of `only`) waits. */
  async step(only?: Life): Promise<boolean> {
    if (this.waiting.length === 0) await allMicrotasks();
    this.waiting = this.waiting.filter(({ life }) => !life.isOver);
    const ready = only ? this.waiting.filter(({ life }) => life === only) : this.waiting;
    if (ready.length === 0) return false;
    const next = this.random.pick(ready);
    this.waiting.splice(this.waiting.indexOf(next), 1);
    this.count += 1;
    next.goOn();
    await allMicrotasks();
    return true;
  }
}

/** A round of the event loop: by then every promise that can go on has gone on. */
export function allMicrotasks(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
