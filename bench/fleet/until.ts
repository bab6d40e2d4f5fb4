const PAUSE_MS = 2;

/** Asks again and again until there is an answer, and gives it. Throws after `longestMs`. */
export async function until<T>(
  condition: () => Promise<T>,
  { longestMs = 60_000, pauseMs = PAUSE_MS } = {},
): Promise<NonNullable<T>> {
  const deadline = performance.now() + longestMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== null && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`waited ${longestMs / 1000} s in vain`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
