interface Waiting<T, R> {
  item: T;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

export interface GatheringOptions<T, R> {
  /** Answers a result for each item, in their order. */
  work: (items: readonly T[]) => Promise<readonly R[]>;
  /** Items that go together at most. */
  most: number;
  /** Items of one key never go together. */
  keyOf?: (item: T) => string;
}

/**
 * Joins what is asked for at about the same time: items that come while others are worked on wait, and then go together.
 * Nobody waits for company, and where the joint work fails each goes alone, so that nobody bears another's fault.
 */
export class Gathering<T, R> {
  private waiting: Waiting<T, R>[] = [];
  private working = false;

  constructor(private readonly options: GatheringOptions<T, R>) {}

  add(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      void this.start();
    });
  }

  private async start(): Promise<void> {
    if (this.working) return;
    this.working = true;
    for (let group = this.next(); group.length > 0; group = this.next()) await this.together(group);
    this.working = false;
  }

  /** Those that came first, and of each key only the first. */
  private next(): Waiting<T, R>[] {
    const { most, keyOf } = this.options;
    const keys = new Set<string>();
    const group: Waiting<T, R>[] = [];
    this.waiting = this.waiting.filter((entry) => {
      const key = keyOf?.(entry.item);
      if (group.length >= most || (key !== undefined && keys.has(key))) return true;
      if (key !== undefined) keys.add(key);
      group.push(entry);
      return false;
    });
    return group;
  }

  private async together(group: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await this.options.work(group.map(({ item }) => item));
      for (const [index, { resolve }] of group.entries()) resolve(results[index] as R);
    } catch (error) {
      const [only] = group;
      if (group.length === 1 && only) return only.reject(error);
      for (const entry of group) await this.together([entry]);
    }
  }
}
