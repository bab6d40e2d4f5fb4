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
 * together, so there is nothing to backtrack into.
 */
export function compileGlob(pattern: GlobPattern): GlobMatcher {
  return compileShortcut(pattern) ?? compileStates(pattern);
}

/** Most patterns are a name, `*`, or `prefix*`; those need no state machine. */
function compileShortcut(pattern: GlobPattern): GlobMatcher | undefined {
  const [first, second, third] = pattern;
  if (third !== undefined) return undefined;
  if (first === undefined) return (text) => text === '';
  if (second === undefined && first.type === 'text') return (text) => text === first.text;
  if (second === undefined && isAnything(first)) return () => true;
  if (first.type === 'text' && second !== undefined && isAnything(second)) return (text) => text.startsWith(first.text);
  return undefined;
}

function isAnything(node: GlobNode): boolean {
  return node.type === 'many' && node.set.not && node.set.ranges.length === 0;
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
      return [...node.text].reduceRight((exit, character) => {
        const code = character.codePointAt(0) ?? 0;
        return states.push({ set: { not: false, ranges: [[code, code]] }, exits: [exit] }) - 1;
      }, next);
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
  let active = reach(states, [start]);
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const exits: number[] = [];
    for (const index of active) {
      const state = states[index];
      if (state?.set && includes(state.set, code)) exits.push(...state.exits);
    }
    if (exits.length === 0) return false;
    active = reach(states, exits);
  }
  return active.has(end);
}

/** Every state that can be entered from `from` without consuming a character. */
function reach(states: readonly State[], from: readonly number[]): Set<number> {
  const reached = new Set<number>();
  const open = [...from];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (reached.has(index)) continue;
    reached.add(index);
    const state = states[index];
    if (state && !state.set) open.push(...state.exits);
  }
  return reached;
}

function includes(set: CharacterSet, code: number): boolean {
  return set.ranges.some(([low, high]) => low <= code && code <= high) !== set.not;
}
