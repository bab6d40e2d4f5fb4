import { matchSteps, type CharacterRange, type PatternStep } from './pattern-steps.js';

const SLASH = codeOf('/');
/** No path of a repository is longer, and a pattern and a path are compared character by character. */
const LONGEST_PATTERN = 4_096;

/**
 * Go's path.Match, which git directories use (argocd-behaviour.md 1.3): `*` and `?` stay in one segment, `**` is `*`,
 * `[^x]` negates and `[!x]` does not. Undefined where the pattern is malformed or endless.
 */
export function compilePathMatch(pattern: string): ((path: string) => boolean) | undefined {
  const steps = pattern.length > LONGEST_PATTERN ? undefined : parseSteps([...pattern]);
  return steps && ((path) => matchSteps(steps, Array.from(path, codeOf), SLASH));
}

function parseSteps(pattern: readonly string[]): PatternStep[] | undefined {
  const steps: PatternStep[] = [];
  let at = 0;
  while (at < pattern.length) {
    const character = pattern[at] ?? '';
    if (character === '[') {
      const parsed = parseClass(pattern, at + 1);
      if (!parsed) return undefined;
      steps.push(parsed.step);
      at = parsed.end;
      continue;
    }
    if (character === '\\' && at + 1 >= pattern.length) return undefined;
    if (character === '\\') at += 1;
    steps.push(character === '\\' ? literal(pattern[at]) : plainStep(character));
    at += 1;
  }
  return steps;
}

function plainStep(character: string): PatternStep {
  if (character === '*') return { kind: 'run' };
  return character === '?' ? { kind: 'any' } : literal(character);
}

function literal(character = ''): PatternStep {
  return { kind: 'literal', code: codeOf(character) };
}

function parseClass(pattern: readonly string[], from: number): { step: PatternStep; end: number } | undefined {
  const isNegated = pattern[from] === '^';
  const ranges: CharacterRange[] = [];
  let at = isNegated ? from + 1 : from;
  while (pattern[at] !== ']' || ranges.length === 0) {
    const low = classMember(pattern, at);
    if (!low) return undefined;
    const high = pattern[low.end] === '-' ? classMember(pattern, low.end + 1) : low;
    if (!high) return undefined;
    ranges.push({ low: low.code, high: high.code });
    at = high.end;
  }
  return { step: { kind: 'class', isNegated, ranges }, end: at + 1 };
}

/** A member is followed by something, at least the closing bracket; a bare `-` or `]` is none. */
function classMember(pattern: readonly string[], at: number): { code: number; end: number } | undefined {
  const character = pattern[at];
  if (character === undefined || character === '-' || character === ']') return undefined;
  const start = character === '\\' ? at + 1 : at;
  if (start + 1 >= pattern.length) return undefined;
  return { code: codeOf(pattern[start] ?? ''), end: start + 1 };
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
