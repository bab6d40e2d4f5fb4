import { HandlebarsSyntaxError } from './syntax-error.js';

const BLOCK_EDGE = /\{\{\{?\{?~?\s*(#|\^|\/|else\b)/g;
const DEEPEST = 100;
const LONGEST = 1_000_000;

/**
 * Throws HandlebarsSyntaxError for blocks that nest more than 100 deep, `else if` after `else if` included: the parser's
 * walk over the tree takes minutes for thousands.
 */
export function refuseDeepNesting(text: string): void {
  if (text.length > LONGEST) throw new HandlebarsSyntaxError(`a template may have ${LONGEST} characters`);
  const outer: number[] = [];
  let depth = 0;
  for (const [, edge] of text.matchAll(BLOCK_EDGE)) {
    if (edge === '/') {
      depth = outer.pop() ?? 0;
      continue;
    }
    if (edge !== 'else') outer.push(depth);
    depth += 1;
    if (depth > DEEPEST) throw new HandlebarsSyntaxError(`blocks may nest ${DEEPEST} deep`);
  }
}
