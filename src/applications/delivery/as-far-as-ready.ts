export interface Patience {
  ms: number;
  /** Items that are worked on at one time. */
  atOnce: number;
}

/**
 * Works on items for a while and answers what was ready by then. Left out is what gave nothing, failed, or was not through
 * in time; what is under way then goes on by itself, unheard.
 */
export async function asFarAsReady<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R | undefined>,
  { ms, atOnce }: Patience,
): Promise<R[]> {
  const waiting = [...items];
  const ready: R[] = [];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, ms)));
  const lane = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      const result = await work(item).catch(() => undefined);
      if (result !== undefined) ready.push(result);
    }
  };
  await Promise.race([late, Promise.all(Array.from({ length: atOnce }, lane))]);
  clearTimeout(timer);
  waiting.length = 0;
  return [...ready];
}
