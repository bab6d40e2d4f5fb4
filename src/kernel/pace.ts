/** Lets whoever else waits have its turn; whoever runs the computation says how. */
export type Breathe = () => Promise<void>;

/** Units of work between two breaths: some ten milliseconds. */
const STRETCH = 50_000;

/** The result of a computation in pieces, at once. */
export function inOnePiece<T>(pieces: Generator<number, T>): T {
  for (;;) {
    const piece = pieces.next();
    if (piece.done) return piece.value;
  }
}

/**
 * Counts the work of a long computation, which has no clock, and says when others should have their turn. A unit is what
 * takes a few hundred nanoseconds: a step of a template, sixteen characters. Without `breathe` nothing is ever due.
 */
export class Pace {
  private work = 0;

  constructor(private readonly breathe?: Breathe) {}

  spend(units: number): void {
    this.work += units;
  }

  /** Asked in loops before `rest`, so that a loop awaits only when it must. */
  get isDue(): boolean {
    return this.work >= STRETCH && this.breathe !== undefined;
  }

  async rest(): Promise<void> {
    this.work = 0;
    await this.breathe?.();
  }

  /** The result of a computation in pieces, each of which says the units it took. */
  async run<T>(pieces: Generator<number, T>): Promise<T> {
    for (;;) {
      const piece = pieces.next();
      if (piece.done) return piece.value;
      this.spend(piece.value);
      if (this.isDue) await this.rest();
    }
  }

  /** What `make` gives for each item, in order; `units` is the work of one, what `make` itself spends not counted. */
  async map<T, U>(items: Iterable<T>, make: (item: T) => U, units = 1): Promise<U[]> {
    const made: U[] = [];
    for (const item of items) {
      made.push(make(item));
      this.spend(units);
      if (this.isDue) await this.rest();
    }
    return made;
  }

  /** The items that `takes` holds of, in order. */
  async filter<T>(items: Iterable<T>, takes: (item: T) => boolean, units = 1): Promise<T[]> {
    const taken: T[] = [];
    for (const item of items) {
      if (takes(item)) taken.push(item);
      this.spend(units);
      if (this.isDue) await this.rest();
    }
    return taken;
  }
}
