import { itemsOf } from '../documents/read-documents.js';
import { FleetError } from '../kernel/errors.js';
import { parseYamlDocuments, type YamlOptions } from '../kubernetes/yaml.js';

export interface ParsedText {
  documents: unknown[];
  warnings: string[];
}

/** The files are the user's own, and one may hold a whole fleet. */
const LIMITS = { maxBytes: 256 << 20, maxNodes: 20_000_000, maxDepth: 100 } satisfies YamlOptions;

/**
 * The documents of a text: YAML or JSON, one, many, or Lists of them, as kubectl takes them; of a key given twice the
 * last counts, with a warning. Throws what the YAML reader throws.
 */
export function parseDocuments(text: string): ParsedText {
  const json = jsonValues(text);
  const { documents, warnings } = json === undefined ? yamlValues(text) : { documents: json, warnings: [] };
  return { documents: documents.flatMap(itemsOf), warnings };
}

function yamlValues(text: string): ParsedText {
  try {
    return { documents: parseYamlDocuments(text, LIMITS), warnings: [] };
  } catch (error) {
    if (!(error instanceof FleetError) || error.code !== 'YAML_SYNTAX') throw error;
    const documents = parseYamlDocuments(text, { ...LIMITS, duplicateKeys: 'last-wins' });
    return { documents, warnings: [`${error.message}; the last one counts`] };
  }
}

/** JSON is far quicker to read as such. Undefined where the text is none, as with flow-style YAML. */
function jsonValues(text: string): unknown[] | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  const values = attempt(() => [JSON.parse(text) as unknown]) ?? attempt(() => jsonSequence(text));
  return values?.every((value) => isShallow(value, LIMITS.maxDepth)) === true ? values : undefined;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Objects one after the other, as `kubectl get -o json` and `jq` print them. Throws SyntaxError. */
function jsonSequence(text: string): unknown[] {
  const values: unknown[] = [];
  let start = 0;
  let depth = 0;
  let isInText = false;
  for (const { 0: token, index } of text.matchAll(/\\.|["{}]/gs)) {
    if (token === '"') isInText = !isInText;
    if (isInText || (token !== '{' && token !== '}')) continue;
    depth += token === '{' ? 1 : -1;
    if (depth > 0) continue;
    values.push(JSON.parse(text.slice(start, index + 1)));
    start = index + 1;
  }
  if (text.slice(start).trim() !== '') throw new SyntaxError('the text ends within a value');
  return values;
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((member) => isShallow(member, levels - 1));
}
