import { FleetError } from '../kernel/errors.js';

/** The JSON object at the start of a text, white space before it aside, and where it ends; undefined where it is none. */
export function jsonValueAt(
  text: string,
  read: (json: string) => unknown,
): { value: unknown; end: number } | undefined {
  const end = /^\s*\{/.test(text) ? endOfObject(text) : undefined;
  if (end === undefined) return undefined;
  try {
    return { value: read(text.slice(0, end)), end };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const MAX_DEPTH = 100;

function endOfObject(text: string): number | undefined {
  let depth = 0;
  let isInText = false;
  for (const { 0: token, index } of text.matchAll(/\\.|["{}[\]]/gs)) {
    if (token === '"') isInText = !isInText;
    if (isInText || token.startsWith('\\') || token === '"') continue;
    depth += token === '{' || token === '[' ? 1 : -1;
    if (depth > MAX_DEPTH)
      throw new FleetError('too-large', 'YAML_TOO_DEEP', `the text nests deeper than ${MAX_DEPTH} levels`);
    if (depth <= 0) return index + 1;
  }
  return undefined;
}
