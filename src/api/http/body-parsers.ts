import type { FastifyInstance } from 'fastify';
import { FleetError, messageOf } from '../../kernel/errors.js';

const MAX_DEPTH = 100;
const JSON_TYPES = ['application/json', 'application/merge-patch+json'];
const YAML_TYPES = ['application/yaml', 'text/yaml', 'application/x-yaml', 'application/apply-patch+yaml'];

/** JSON becomes its value, YAML stays text for the reader of documents; an empty body is no body. */
export function registerBodyParsers(instance: FastifyInstance): void {
  instance.addContentTypeParser(JSON_TYPES, { parseAs: 'string' }, async (_request: unknown, text: string) =>
    parseJson(text),
  );
  instance.addContentTypeParser(YAML_TYPES, { parseAs: 'string' }, async (_request: unknown, text: string) => text);
}

function parseJson(text: string): unknown {
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
