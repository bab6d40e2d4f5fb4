/** Code points a wildcard or a bracket stands for: those inside `ranges`, or with `not` those outside. */
export interface CharacterSet {
  not: boolean;
  ranges: readonly (readonly [number, number])[];
}

/** A parsed pattern, whatever its dialect (kernel/glob-syntax.ts); data, so it can also be printed as SQL. */
export type GlobNode =
  | { type: 'text'; text: string }
  | { type: 'one'; set: CharacterSet }
  | { type: 'many'; set: CharacterSet }
  | { type: 'anyOf'; branches: readonly GlobPattern[] };
export type GlobPattern = readonly GlobNode[];

export type GlobMatcher = (text: string) => boolean;

export const ANY_CHARACTER: CharacterSet = { not: true, ranges: [] };

/**
 * Matches whole texts in time proportional to pattern × text, whoever wrote the pattern: the pattern's states advance
 * together, so there is nothing to backtrack into. Most texts are told apart by the literal ends of a pattern alone.
 */
export function compileGlob(pattern: GlobPattern): GlobMatcher {
  const [first, second] = pattern;
  if (first === undefined) return (text) => text === '';
  if (first.type === 'text') return afterPrefix(first.text, pattern.slice(1));
  if (second === undefined && first.type === 'many') return everyCharacter(first.set);
  const last = pattern.at(-1);
  if (last?.type === 'text') return beforeSuffix(last.text, pattern.slice(0, -1));
  return pattern.every(isSimple) ? compileSteps(pattern) : compileStates(pattern);
}

function afterPrefix(prefix: string, rest: GlobPattern): GlobMatcher {
  if (rest.length === 0) return (text) => text === prefix;
  const matchesRest = compileGlob(rest);
  return (text) => text.startsWith(prefix) && matchesRest(text.slice(prefix.length));
}

function beforeSuffix(suffix: string, rest: GlobPattern): GlobMatcher {
  const matchesRest = compileGlob(rest);
  return (text) => text.endsWith(suffix) && matchesRest(text.slice(0, text.length - suffix.length));
}

function everyCharacter(set: CharacterSet): GlobMatcher {
  if (isAny(set)) return () => true;
  return (text) => [...text].every((character) => includes(set, character.codePointAt(0) ?? 0));
}

function isAny(set: CharacterSet): boolean {
  return set.not && set.ranges.length === 0;
}

function isSimple(node: GlobNode): boolean {
  return node.type === 'text' || node.type === 'one' || (node.type === 'many' && isAny(node.set));
}

/** One character to meet, or anything. */
type Step = CharacterSet | 'anything';

/**
 * Without branches and with wildcards that take anything, only the latest wildcard is ever worth widening, so one
 * place to return to is enough.
 */
function compileSteps(pattern: GlobPattern): GlobMatcher {
  const steps = pattern.flatMap(stepsOf);
  return (text) => {
    let step = 0;
    let at = 0;
    let wildcard = { step: -1, at: 0 };
    while (at < text.length) {
      const current = steps[step];
      const code = text.codePointAt(at) ?? 0;
      if (current === 'anything') {
        step += 1;
        wildcard = { step, at };
      } else if (current !== undefined && includes(current, code)) {
        step += 1;
        at += width(code);
      } else if (wildcard.step >= 0) {
        wildcard.at += width(text.codePointAt(wildcard.at) ?? 0);
        step = wildcard.step;
        at = wildcard.at;
      } else return false;
    }
    while (steps[step] === 'anything') step += 1;
    return step === steps.length;
  };
}

function stepsOf(node: GlobNode): Step[] {
  if (node.type === 'text') return [...node.text].map(exactly);
  return node.type === 'one' ? [node.set] : ['anything'];
}

function exactly(character: string): CharacterSet {
  const code = character.codePointAt(0) ?? 0;
  return { not: false, ranges: [[code, code]] };
}

function width(code: number): number {
  return code > 0xffff ? 2 : 1;
}

/** A state consumes one character of `set` and moves on, or with no set moves to its exits for free. */
interface State {
  set?: CharacterSet;
  exits: number[];
}

function compileStates(pattern: GlobPattern): GlobMatcher {
  const states: State[] = [];
  const end = states.push({ exits: [] }) - 1;
  const start = addPattern(states, pattern, end);
  return (text) => run(states, { start, end }, text);
}

/** Adds the states of a pattern that lead to `next`, last node first, and gives the first of them. */
function addPattern(states: State[], pattern: GlobPattern, next: number): number {
  return pattern.reduceRight((exit, node) => addNode(states, node, exit), next);
}

function addNode(states: State[], node: GlobNode, next: number): number {
  switch (node.type) {
    case 'text':
      return [...node.text].reduceRight(
        (exit, character) => states.push({ set: exactly(character), exits: [exit] }) - 1,
        next,
      );
    case 'one':
      return states.push({ set: node.set, exits: [next] }) - 1;
    case 'many': {
      const loop = states.push({ exits: [next] }) - 1;
      const consume = states.push({ set: node.set, exits: [loop] }) - 1;
      states[loop]?.exits.push(consume);
      return loop;
    }
    case 'anyOf':
      return states.push({ exits: node.branches.map((branch) => addPattern(states, branch, next)) }) - 1;
  }
}

function run(states: readonly State[], { start, end }: { start: number; end: number }, text: string): boolean {
  const enteredAt = new Int32Array(states.length).fill(-1);
  let active = enter(states, [start], { enteredAt, at: text.length });
  for (let at = 0, code = 0; at < text.length; at += width(code)) {
    code = text.codePointAt(at) ?? 0;
    const exits = active.flatMap((index) => exitsOver(states[index], code));
    if (exits.length === 0) return false;
    active = enter(states, exits, { enteredAt, at });
  }
  return active.includes(end);
}

const NONE: readonly number[] = [];

function exitsOver(state: State | undefined, code: number): readonly number[] {
  return state?.set && includes(state.set, code) ? state.exits : NONE;
}

/** Every state that can be entered from `open` without consuming a character, each once; `enteredAt` marks them. */
function enter(
  states: readonly State[],
  open: number[],
  { enteredAt, at }: { enteredAt: Int32Array; at: number },
): number[] {
  const entered: number[] = [];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (enteredAt[index] === at) continue;
    enteredAt[index] = at;
    entered.push(index);
    const state = states[index];
    if (state && !state.set) open.push(...state.exits);
  }
  return entered;
}

function includes({ not, ranges }: CharacterSet, code: number): boolean {
  for (const [low, high] of ranges) {
    if (low <= code && code <= high) return !not;
  }
  return not;
}
