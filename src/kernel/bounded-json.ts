import { FleetError, messageOf } from './errors.js';

const MAX_DEPTH = 100;

/** The value of a text from outside; undefined for an empty one. Throws JSON_SYNTAX and JSON_TOO_DEEP. */
export function parseBoundedJson(text: string): unknown {
  if (text.trim() === '') return undefined;
  refuseDeep(text);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new FleetError('malformed', 'JSON_SYNTAX', `the body is not JSON: ${messageOf(error)}`);
  }
}

/** Counts brackets outside texts, so that nothing recurses into a document built to overflow the stack. */
function refuseDeep(text: string): void {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inText && character === '\\') at += 1;
    else if (character === '"') inText = !inText;
    else if (!inText && (character === '{' || character === '[')) depth += 1;
    else if (!inText && (character === '}' || character === ']')) depth -= 1;
    if (depth > MAX_DEPTH) {
      throw new FleetError('too-large', 'JSON_TOO_DEEP', `the body nests deeper than ${MAX_DEPTH} levels`);
    }
  }
}
