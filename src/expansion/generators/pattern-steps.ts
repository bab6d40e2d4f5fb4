export interface CharacterRange {
  low: number;
  high: number;
}

/** One step of a path pattern over character codes; `any` is one character, `run` any number of them. */
export type PatternStep =
  | { kind: 'literal'; code: number }
  | { kind: 'class'; isNegated: boolean; ranges: readonly CharacterRange[] }
  | { kind: 'any' }
  | { kind: 'run' };

/**
 * Whether the steps match the whole text. `any` and `run` never take the code `stop`. A failed match goes back to the
 * last run only, so the cost is at most pattern times text, whatever the pattern.
 */
export function matchSteps(steps: readonly PatternStep[], text: ArrayLike<number>, stop?: number): boolean {
  let step = 0;
  let at = 0;
  let afterRun = -1;
  let runEnd = 0;
  while (at < text.length || step < steps.length) {
    const current = steps[step];
    if (current?.kind === 'run') {
      afterRun = ++step;
      runEnd = at;
    } else if (current && at < text.length && takes(current, text[at] ?? 0, stop)) {
      step += 1;
      at += 1;
    } else {
      if (afterRun < 0 || runEnd >= text.length || text[runEnd] === stop) return false;
      step = afterRun;
      at = ++runEnd;
    }
  }
  return true;
}

function takes(step: PatternStep, code: number, stop: number | undefined): boolean {
  switch (step.kind) {
    case 'literal':
      return step.code === code;
    case 'class':
      return step.ranges.some(({ low, high }) => low <= code && code <= high) !== step.isNegated;
    case 'any':
    case 'run':
      return code !== stop;
  }
}
