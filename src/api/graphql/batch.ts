/** Collects the keys that resolvers of one list ask for and answers them with one question. For one request only. */
export class Batch<Value> {
  private waiting = new Map<string, Promise<Value>>();
  private asked: Promise<ReadonlyMap<string, Value>> | undefined;

  constructor(
    private readonly ask: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
    private readonly absent: (key: string) => Value,
  ) {}

  load(key: string): Promise<Value> {
    const known = this.waiting.get(key);
    if (known) return known;
    this.asked ??= this.askSoon();
    const answer = this.asked.then((values) => values.get(key) ?? this.absent(key));
    this.waiting.set(key, answer);
    return answer;
  }

  /** After the promises of the list's other members have run, so that their keys are there too. */
  private async askSoon(): Promise<ReadonlyMap<string, Value>> {
    await new Promise((resolve) => setImmediate(resolve));
    const keys = [...this.waiting.keys()];
    this.waiting = new Map();
    this.asked = undefined;
    return this.ask(keys);
  }
}
