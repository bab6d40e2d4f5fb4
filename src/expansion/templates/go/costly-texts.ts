import type { GoFunction } from './function.js';
import type { NamedFunction } from './signatures.js';

/**
 * Characters a step of functions that look at each character, so that a step of theirs takes no longer than any other:
 * some tenths of a microsecond. What every call pays for its arguments comes first (weigh.ts).
 */
const CHARACTERS_A_STEP: ReadonlyMap<string, number> = new Map([
  ['snakecase', 1],
  ['kebabcase', 1],
  ['title', 2],
  ['untitle', 2],
  ['swapcase', 2],
  ['camelcase', 2],
  ['initials', 4],
  ['printf', 2],
  ['toYaml', 2],
  ['fromYaml', 1],
  ['fromYamlArray', 1],
  ['split', 4],
  ['splitList', 4],
  ['splitn', 4],
  ['replace', 4],
  ['shuffle', 4],
  ['trimAll', 4],
  ['trimall', 4],
  ['quote', 4],
  ['b32enc', 4],
  ['b32dec', 4],
  ['b64dec', 4],
  ['urlParse', 4],
  ['dateInZone', 1],
  ['date_in_zone', 1],
  ['htmlDateInZone', 1],
  ['semver', 1],
  ['semverCompare', 1],
  ['wrap', 4],
  ['wrapWith', 4],
  ['slugify', 4],
  ['normalize', 4],
]);

/** The same function, charging for the texts among its arguments where each of their characters costs. */
export function withTextCost([name, called]: NamedFunction): NamedFunction {
  const characters = CHARACTERS_A_STEP.get(name);
  return characters === undefined ? [name, called] : [name, charging(called, characters)];
}

function charging(called: GoFunction, characters: number): GoFunction {
  return {
    ...called,
    call: (args, context) => {
      const length = args.reduce<number>((sum, arg) => (typeof arg === 'string' ? sum + arg.length : sum), 0);
      if (length >= characters) context.spend(Math.floor(length / characters));
      return called.call(args, context);
    },
  };
}
