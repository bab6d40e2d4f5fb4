import type { CharacterRange } from './pattern-steps.js';

/** `[:name:]` inside a pathspec class: pairs of first and last character, ASCII as git's own tables. */
export const POSIX_CLASSES: ReadonlyMap<string, readonly CharacterRange[]> = new Map(
  Object.entries({
    alnum: 'azAZ09',
    alpha: 'azAZ',
    blank: '  \t\t',
    cntrl: '\x00\x1f\x7f\x7f',
    digit: '09',
    graph: '!~',
    lower: 'az',
    print: ' ~',
    punct: '!/:@[`{~',
    space: '  \t\r',
    upper: 'AZ',
    xdigit: 'afAF09',
  }).map(([name, pairs]) => [name, rangesOf(pairs)]),
);

function rangesOf(pairs: string): CharacterRange[] {
  return (pairs.match(/[^]{2}/g) ?? []).map((pair) => ({ low: pair.charCodeAt(0), high: pair.charCodeAt(1) }));
}
