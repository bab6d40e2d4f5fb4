import { ExpansionFailure } from '../failure.js';
import { matchSteps, type CharacterRange, type PatternStep } from './pattern-steps.js';
import { POSIX_CLASSES } from './posix-classes.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const [BACKSLASH, BANG, CARET, DASH, OPEN, CLOSE, COLON] = bytesOf('\\!^-[]:') as unknown as number[];

/** No path of a repository is longer, and a pattern and a path are compared character by character. */
const LONGEST_PATTERN = 4_096;

/**
 * Git's pathspec, which git files use through `git ls-files` (argocd-behaviour.md 1.3): the path itself, everything
 * under it, or a wildcard match in which `*`, `?` and `[…]` do cross `/`. Matched by bytes, as git does.
 * Throws ExpansionFailure PATHSPEC_INVALID for what git refuses.
 */
export function compilePathspec(pattern: string, path: string): (file: string) => boolean {
  if (pattern.length > LONGEST_PATTERN) throw refusal(`a pattern may have ${LONGEST_PATTERN} characters`, path);
  const spec = normalize(pattern, path);
  const directory = spec === '' || spec.endsWith('/') ? spec : `${spec}/`;
  const steps = /[*?[\\]/.test(spec) ? parseSteps(bytesOf(spec)) : undefined;
  return (file) =>
    file === spec || file.startsWith(directory) || (steps !== undefined && matchSteps(steps, bytesOf(file)));
}

/** Magic (`:(glob)`, `:!`) is not for generators; what leaves the repository git refuses itself. */
function normalize(pattern: string, path: string): string {
  if (pattern.startsWith(':')) throw refusal(`"${pattern}": pathspec magic is not supported`, path);
  if (pattern === '') throw refusal('an empty pattern matches nothing; use "*" for every file', path);
  if (pattern.startsWith('/')) throw refusal(`"${pattern}" must be relative to the repository`, path);
  const segments: string[] = [];
  for (const segment of pattern.split('/')) {
    if (segment === '..' && segments.pop() === undefined) throw refusal(`"${pattern}" leaves the repository`, path);
    if (segment !== '' && segment !== '.' && segment !== '..') segments.push(segment);
  }
  const spec = segments.join('/');
  const isFolder = /(?:^|\/)\.{0,2}$/.test(pattern);
  return isFolder && spec !== '' ? `${spec}/` : spec;
}

function refusal(message: string, path: string): ExpansionFailure {
  return new ExpansionFailure('PATHSPEC_INVALID', message, path);
}

/** Undefined where a class or an escape is not closed: git then matches nothing by wildcard. */
function parseSteps(pattern: Uint8Array): PatternStep[] | undefined {
  const steps: PatternStep[] = [];
  let at = 0;
  while (at < pattern.length) {
    const code = pattern[at] ?? 0;
    if (code === OPEN) {
      const parsed = parseClass(pattern, at + 1);
      if (!parsed) return undefined;
      steps.push(parsed.step);
      at = parsed.end;
      continue;
    }
    if (code === BACKSLASH && at + 1 >= pattern.length) return undefined;
    if (code === BACKSLASH) at += 1;
    steps.push(code === BACKSLASH ? { kind: 'literal', code: pattern[at] ?? 0 } : plainStep(code));
    at += 1;
  }
  return steps;
}

function plainStep(code: number): PatternStep {
  const character = String.fromCharCode(code);
  if (character === '*') return { kind: 'run' };
  return character === '?' ? { kind: 'any' } : { kind: 'literal', code };
}

function parseClass(pattern: Uint8Array, from: number): { step: PatternStep; end: number } | undefined {
  const isNegated = pattern[from] === BANG || pattern[from] === CARET;
  const start = isNegated ? from + 1 : from;
  const ranges: CharacterRange[] = [];
  let previous: number | undefined;
  let at = start;
  while (at === start || pattern[at] !== CLOSE) {
    const member = classMember(pattern, at, previous);
    if (!member) return undefined;
    ranges.push(...member.ranges);
    previous = member.last;
    at = member.end;
  }
  return { step: { kind: 'class', isNegated, ranges }, end: at + 1 };
}

interface ClassMember {
  ranges: readonly CharacterRange[];
  /** What a following dash would range from. */
  last?: number;
  end: number;
}

function classMember(pattern: Uint8Array, at: number, previous: number | undefined): ClassMember | undefined {
  const code = pattern[at];
  const next = pattern[at + 1];
  if (code === undefined) return undefined;
  if (code === DASH && previous !== undefined && next !== undefined && next !== CLOSE) {
    const high = next === BACKSLASH ? pattern[at + 2] : next;
    if (high === undefined) return undefined;
    return { ranges: [{ low: previous, high }], end: at + (next === BACKSLASH ? 3 : 2) };
  }
  if (code === OPEN && next === COLON) return posixClass(pattern, at);
  const literal = code === BACKSLASH ? next : code;
  if (literal === undefined) return undefined;
  return { ranges: [{ low: literal, high: literal }], last: literal, end: at + (code === BACKSLASH ? 2 : 1) };
}

function posixClass(pattern: Uint8Array, at: number): ClassMember | undefined {
  const close = pattern.indexOf(CLOSE ?? 0, at + 2);
  if (close < 0) return undefined;
  const name = String.fromCharCode(...pattern.slice(at + 2, close - 1));
  const ranges = pattern[close - 1] === COLON ? POSIX_CLASSES.get(name) : undefined;
  if (ranges) return { ranges, end: close + 1 };
  return pattern[close - 1] === COLON
    ? undefined
    : { ranges: [{ low: OPEN ?? 0, high: OPEN ?? 0 }], last: OPEN, end: at + 1 };
}
