export interface Random {
  /** A whole number from 0 up to, not including, the bound. */
  below(bound: number): number;
  pick<T>(choices: readonly T[]): T;
}

/** The same numbers for the same seed, so a failing round can be run again. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const below = (bound: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
  return { below, pick: (choices) => choices[below(choices.length)] as (typeof choices)[number] };
}
