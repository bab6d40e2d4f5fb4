import { FleetError } from '../kernel/errors.js';
import { jsonValueAt } from './json-value-at.js';
import { parseYaml, type YamlOptions } from './yaml.js';

const MOST_DOCUMENTS = 100_000;

/** Of a key given twice the last one counts, and whole numbers of 64 bits stay exact, as Kubernetes decodes manifests. */
const AS_KUBERNETES = { duplicateKeys: 'last-wins', integers: 'exact' } as const satisfies YamlOptions;

/**
 * The documents of a manifest, one after the other, as the stream decoder of Kubernetes' own tools finds them, empty
 * ones left out: parts between lines that begin with `---`, each YAML read by itself, or JSON values in a row. What
 * follows `...` in a part is not read. Throws what the YAML reader throws, once it gets there.
 */
export function* manifestStream(text: string, maxBytes: number): Generator<unknown, void> {
  const options = { ...AS_KUBERNETES, maxBytes };
  let rest = text;
  let found = 0;
  while (/^\s*\{/.test(rest)) {
    const value = jsonValueAt(rest, (json) => readJson(json, options));
    // Two values in a row are a stream of JSON; until then the text may still be YAML.
    if (value === undefined && found > 1) throw malformed('the text after the last JSON object is not JSON');
    if (value === undefined) break;
    yield value.value;
    found = countOne(found);
    rest = rest.slice(value.end);
  }
  if (found > 1 && rest.trim() !== '') throw malformed('the text after the last JSON object is not JSON');
  for (const part of partsOf(found === 0 ? rest : rest.replace(/^[^\S\n]*\n?/, ''))) {
    found = countOne(found);
    const document = parseYaml(part, options);
    if (document !== null && document !== undefined) yield document;
  }
}

/** One JSON value and nothing after it, exact and of a key given twice the last. Throws as the YAML reader does. */
export function parseJsonManifest(text: string, maxBytes: number): unknown {
  const value = jsonValueAt(text, (json) => readJson(json, { ...AS_KUBERNETES, maxBytes }));
  if (value === undefined) throw malformed('the text is not one JSON object');
  if (text.slice(value.end).trim() !== '') throw malformed('a JSON file holds one object only');
  return value.value;
}

/** JSON.parse rounds long numbers; the YAML reader, which reads JSON too, does not. */
function readJson(json: string, options: YamlOptions): unknown {
  const value = JSON.parse(json, /\d[eE]\+?\d{3}/.test(json) ? refuseInfinite : undefined) as unknown;
  return /\d{16}/.test(json) ? parseYaml(json, options) : value;
}

function refuseInfinite(_key: string, value: unknown): unknown {
  if (value === Infinity || value === -Infinity) throw malformed('a number is larger than any that JSON readers hold');
  return value;
}

/** A separator's line may end in a comment only. */
function* partsOf(text: string): Generator<string, void> {
  let part = '';
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  for (const line of lines) {
    if (line.startsWith('---')) {
      const trailing = line.slice(3).trim();
      if (trailing !== '' && !trailing.startsWith('#'))
        throw malformed(`"${line.slice(0, 80)}" is no line between documents`);
      if (part !== '') {
        yield part;
        part = '';
        continue;
      }
    }
    part += `${line.endsWith('\r') ? line.slice(0, -1) : line}\n`;
  }
  if (part.trim() !== '') yield part;
}

function countOne(found: number): number {
  if (found < MOST_DOCUMENTS) return found + 1;
  throw new FleetError('too-large', 'YAML_TOO_LARGE', `the text holds more than ${MOST_DOCUMENTS} documents`);
}

function malformed(message: string): FleetError {
  return new FleetError('malformed', 'YAML_SYNTAX', message);
}
