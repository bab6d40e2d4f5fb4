import { isObject, own } from '../../../kernel/json.js';
import { parseYaml } from '../../../kubernetes/yaml.js';

/** One version of a chart in an index. */
export interface ListedChart {
  version: string;
  /** Absolute, or relative to the index. */
  urls: readonly string[];
  /** `sha256:<hex>` of the archive. */
  digest?: string;
}

export const INDEX_LIMITS = { maxBytes: 64 << 20, maxVersions: 200_000 };

const MAX_NODES = 4_000_000;
const CHUNK = 1 << 16;
const CHARACTERS_PER_UNIT = 3;
const LINES_PER_UNIT = 4;
const LONGEST_URL = 2_048;

/**
 * The versions of one chart in an `index.yaml`, in its order; undefined where it does not list the chart. Only the
 * chart's own part is parsed, piece by piece: an index may hold tens of thousands of others. Yields units of work (Pace).
 * Throws what parseYaml throws.
 */
export function* readChartVersions(text: string, chart: string): Generator<number, ListedChart[] | undefined> {
  const section = /^\s*\{/.test(text) ? undefined : yield* sectionOf(text, chart);
  if (section === 'absent') return undefined;
  const items = section === undefined ? undefined : yield* itemsOf(section);
  if (items !== undefined) return listed(items);
  // Written in a way of its own, such as in flow style or with anchors.
  yield text.length / CHARACTERS_PER_UNIT;
  const index = wholeIndex(text);
  const entries = isObject(index) ? own(index, 'entries') : undefined;
  const versions = isObject(entries) ? own(entries, chart) : undefined;
  return Array.isArray(versions) ? listed(versions) : undefined;
}

function wholeIndex(text: string): unknown {
  if (/^\s*\{/.test(text)) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      // Flow style is YAML too.
    }
  }
  return parseYaml(text, { maxBytes: INDEX_LIMITS.maxBytes, maxNodes: MAX_NODES, duplicateKeys: 'last-wins' });
}

/** The lines below the chart's key; undefined where the index is not written in plain blocks. */
function* sectionOf(text: string, chart: string): Generator<number, string | 'absent' | undefined> {
  const head = /^entries:[ \t]*\r?\n/m.exec(text);
  if (head === null) return undefined;
  let keyIndent = -1;
  let start = -1;
  let lines = 0;
  for (let at = head.index + head[0].length; at < text.length; at = endOfLine(text, at)) {
    if (++lines % 10_000 === 0) yield 10_000 / LINES_PER_UNIT;
    const indent = indentAt(text, at);
    if (indent === undefined) continue;
    if (keyIndent < 0) keyIndent = indent;
    if (indent > keyIndent || (text[at + indent] === '-' && indent > 0)) continue;
    if (start >= 0) return text.slice(start, at);
    if (indent === 0) return 'absent';
    const key = keyIn(text.slice(at + indent, endOfLine(text, at)));
    if (key === undefined) return undefined;
    if (key === chart) start = endOfLine(text, at);
  }
  return start < 0 ? 'absent' : text.slice(start);
}

/** Where the next line begins. */
function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

/** Undefined for a line that is empty or a comment. */
function indentAt(text: string, at: number): number | undefined {
  let indent = 0;
  while (text[at + indent] === ' ') indent += 1;
  const first = text[at + indent];
  return first === undefined || first === '\n' || first === '\r' || first === '#' ? undefined : indent;
}

/** Undefined where more than a plain or quoted name stands in the line. */
function keyIn(line: string): string | undefined {
  const match = /^(?:([A-Za-z0-9][A-Za-z0-9._/-]*)|"([^"\\]*)"|'([^']*)'):[ \t]*\r?\n?$/.exec(line);
  return match === null ? undefined : (match[1] ?? match[2] ?? match[3]);
}

/** The items of a block list; undefined where it cannot be cut into pieces. */
function* itemsOf(section: string): Generator<number, unknown[] | undefined> {
  const items: unknown[] = [];
  let indent = -1;
  let start = 0;
  for (let at = 0; at < section.length; at = endOfLine(section, at)) {
    const found = indentAt(section, at);
    if (found === undefined) continue;
    if (indent < 0) indent = found;
    const isItem = found === indent && section[at + found] === '-';
    if (found < indent || (found === indent && !isItem)) return undefined;
    if (!isItem || at - start < CHUNK) continue;
    if (!take(section.slice(start, at), items)) return undefined;
    yield (at - start) / CHARACTERS_PER_UNIT;
    start = at;
  }
  if (!take(section.slice(start), items)) return undefined;
  yield (section.length - start) / CHARACTERS_PER_UNIT;
  return items;
}

function take(piece: string, items: unknown[]): boolean {
  try {
    const parsed = parseYaml(piece, { maxBytes: INDEX_LIMITS.maxBytes, duplicateKeys: 'last-wins' });
    if (!Array.isArray(parsed)) return false;
    for (const item of parsed) items.push(item);
    return true;
  } catch {
    return false;
  }
}

function listed(items: readonly unknown[]): ListedChart[] {
  return items.slice(0, INDEX_LIMITS.maxVersions).flatMap((item): ListedChart[] => {
    if (!isObject(item)) return [];
    const [version, urls, digest] = [own(item, 'version'), own(item, 'urls'), own(item, 'digest')];
    if (typeof version !== 'string' || !Array.isArray(urls)) return [];
    const usable = urls.filter((url): url is string => typeof url === 'string' && url.length <= LONGEST_URL);
    if (usable.length === 0) return [];
    return [{ version, urls: usable.slice(0, 4), ...digestOf(digest) }];
  });
}

function digestOf(digest: unknown): Pick<ListedChart, 'digest'> {
  const hex = typeof digest === 'string' ? digest.replace(/^sha256:/, '').toLowerCase() : '';
  return /^[0-9a-f]{64}$/.test(hex) ? { digest: `sha256:${hex}` } : {};
}
