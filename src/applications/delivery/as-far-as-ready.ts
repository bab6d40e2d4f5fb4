export interface Patience {
  /** Items that are worked on at one time. */
  atOnce: number;
  /** How long to wait for the next item that becomes ready. */
  stalledMs: number;
}

export interface Progress<T, R> {
  ready: R[];
  /** Not begun, because those before held up everything. */
  untried: T[];
}

/**
 * Works on items as long as one after the other becomes ready. Neither ready nor untried is what gave nothing, failed, or
 * holds up the others; what is under way at the end goes on by itself, unheard.
 */
export async function asFarAsReady<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R | undefined>,
  { atOnce, stalledMs }: Patience,
): Promise<Progress<T, R>> {
  const waiting = [...items];
  const ready: R[] = [];
  const stall = new Stall(stalledMs);
  const lane = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      const result = await work(item).catch(() => undefined);
      stall.putOff();
      if (result !== undefined) ready.push(result);
    }
  };
  await Promise.race([stall.come, Promise.all(Array.from({ length: atOnce }, lane))]);
  stall.end();
  return { ready: [...ready], untried: waiting.splice(0) };
}

class Stall {
  readonly come: Promise<void>;
  private resolve: () => void = () => undefined;
  private timer: NodeJS.Timeout | undefined;
  private ended = false;

  constructor(private readonly ms: number) {
    this.come = new Promise((resolve) => (this.resolve = resolve));
    this.putOff();
  }

  putOff(): void {
    clearTimeout(this.timer);
    if (!this.ended) this.timer = setTimeout(this.resolve, this.ms);
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
  }
}
