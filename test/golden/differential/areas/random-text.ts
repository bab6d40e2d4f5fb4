import type { Random } from '../../../support/seeded-random.js';

/** A text of so many pieces at most. */
export function textOf(random: Random, pieces: readonly string[], most: number): string {
  return Array.from({ length: random.below(most + 1) }, () => random.pick(pieces)).join('');
}

/** As a string literal of a template. */
export function literal(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (character) => character);
}
