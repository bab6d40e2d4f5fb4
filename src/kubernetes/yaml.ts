import {
  CHOMPING_STRIP,
  EVENT_ID,
  SCALAR_STYLE_FOLDED_BLOCK,
  SCALAR_STYLE_LITERAL_BLOCK,
  YAMLException,
  constructFromEvents,
  dump,
  parseEvents,
  type Event,
} from 'js-yaml';
import { FleetError, messageOf } from '../kernel/errors.js';
import { isObject, setOwn } from '../kernel/json.js';
import { EXACT_SCHEMA, KUBERNETES_SCHEMA, PRINTED_SCHEMA } from './yaml-schema.js';

export interface YamlOptions {
  /** Longest text in UTF-16 units, also the most characters its scalars may hold once aliases are expanded. */
  maxBytes?: number;
  /** Deepest nesting once aliases are expanded. */
  maxDepth?: number;
  /** Most scalars, lists and mappings once aliases are expanded. */
  maxNodes?: number;
  /** A key given twice is refused, or the last one wins as where Argo CD reads leniently. */
  duplicateKeys?: 'refuse' | 'last-wins';
  /** What becomes of whole numbers that a double cannot hold: the nearest double, or a bigint. */
  integers?: 'rounded' | 'exact';
}

const DEFAULTS: Required<YamlOptions> = {
  maxBytes: 10 * 1024 * 1024,
  maxDepth: 100,
  maxNodes: 1_000_000,
  duplicateKeys: 'refuse',
  integers: 'rounded',
};

/**
 * Every document of a YAML or JSON text, read as kubectl reads it; empty documents are skipped. Each is a plain tree:
 * aliases are copied, so changing one branch changes no other. Throws FleetError `malformed` (YAML_SYNTAX, with line and
 * column, or YAML_ALIAS_BOMB) or `too-large` (YAML_TOO_LARGE, YAML_TOO_DEEP).
 */
export function parseYamlDocuments(text: string, options: YamlOptions = {}): unknown[] {
  return parseAll(text, { ...DEFAULTS, ...options }).filter((document) => document != null);
}

/** The first document, as sigs.k8s.io/yaml's Unmarshal; null where there is none. */
export function parseYaml(text: string, options: YamlOptions = {}): unknown {
  return parseAll(firstDocument(text), { ...DEFAULTS, ...options })[0] ?? null;
}

/** YAML that any YAML 1.1 or 1.2 reader takes back as the same value: ambiguous text is quoted, lines are not folded. */
export function toYaml(value: unknown): string {
  return dump(value, { schema: PRINTED_SCHEMA, noRefs: true, lineWidth: -1, seqNoIndent: true });
}

const MARKER = /^(?:---|\.\.\.)(?=[ \t\r\n]|$)/gm;

/** Up to the marker that ends the first document; what stands beyond is not read, and may be no YAML. */
function firstDocument(text: string): string {
  let isStarted = false;
  for (const { index, 0: marker } of text.matchAll(MARKER)) {
    isStarted ||= !isPrologue(text.slice(0, index));
    if (isStarted || marker === '...') return text.slice(0, index);
    isStarted = true;
  }
  return text;
}

/** Only directives, comments and empty lines. */
function isPrologue(text: string): boolean {
  return text.split('\n').every((line) => /^[\ufeff \t\r]*(?:[#%]|$)/.test(line));
}

function parseAll(text: string, limits: Required<YamlOptions>): unknown[] {
  if (text.length > limits.maxBytes) {
    throw tooLarge('YAML_TOO_LARGE', `the text has ${text.length} characters, ${limits.maxBytes} are allowed`);
  }
  try {
    return construct(text, limits);
  } catch (error) {
    throw asFleetError(error);
  }
}

function construct(text: string, limits: Required<YamlOptions>): unknown[] {
  const events = parseEvents(text, { maxDepth: limits.maxDepth });
  const nodes = events.reduce((count, { type }) => count + Number(type !== EVENT_ID.POP), 0);
  if (nodes > limits.maxNodes) {
    throw tooLarge('YAML_TOO_LARGE', `the text holds ${nodes} values, ${limits.maxNodes} are allowed`);
  }
  endLastBlock(events, text);
  const documents = constructFromEvents(events, {
    source: text,
    schema: limits.integers === 'exact' ? EXACT_SCHEMA : KUBERNETES_SCHEMA,
    json: limits.duplicateKeys === 'last-wins',
    maxTotalMergeKeys: limits.maxNodes,
  });
  const isShared = events.some(({ type }) => type === EVENT_ID.ALIAS);
  return isShared ? new AliasExpansion(limits).expand(documents) : documents;
}

/** A block scalar that the end of the text cuts short has no line break to keep, as in go-yaml. */
function endLastBlock(events: Event[], text: string): void {
  if (/\n[ \t\r]*$/.test(text.slice(-MOST_TRAILING))) return;
  const last = events.findLast((event) => event.type === EVENT_ID.SCALAR);
  if (last?.type !== EVENT_ID.SCALAR || last.valueEnd < text.length) return;
  if (last.style === SCALAR_STYLE_LITERAL_BLOCK || last.style === SCALAR_STYLE_FOLDED_BLOCK) {
    last.chomping = CHOMPING_STRIP;
  }
}

const MOST_TRAILING = 1_000;

interface Extent {
  nodes: number;
  characters: number;
  depth: number;
}

/** Weighs each shared value once before anything is copied, so a bomb costs no more than its text. */
class AliasExpansion {
  private readonly weighed = new Map<object, Extent | 'open'>();

  constructor(private readonly limits: Required<YamlOptions>) {}

  expand(documents: unknown[]): unknown[] {
    this.weigh(documents, -1);
    return documents.map(copy);
  }

  private weigh(value: unknown, depth: number): Extent {
    if (typeof value !== 'object' || value === null) {
      return { nodes: 1, characters: typeof value === 'string' ? value.length : 1, depth: 0 };
    }
    const known = this.weighed.get(value);
    if (known === 'open') throw malformed('YAML_ALIAS_BOMB', 'an alias contains itself');
    if (known === undefined && depth > this.limits.maxDepth) throw this.tooDeep();
    const extent = known ?? this.weighMembers(value, depth);
    if (depth + extent.depth > this.limits.maxDepth) throw this.tooDeep();
    return extent;
  }

  private weighMembers(value: object, depth: number): Extent {
    this.weighed.set(value, 'open');
    const total: Extent = { nodes: 1, characters: 0, depth: 0 };
    for (const [key, member] of Object.entries(value)) {
      const extent = this.weigh(member, depth + 1);
      total.nodes += extent.nodes;
      total.characters += extent.characters + (Array.isArray(value) ? 0 : key.length);
      total.depth = Math.max(total.depth, extent.depth + 1);
      this.refuseBomb(total);
    }
    this.weighed.set(value, total);
    return total;
  }

  private refuseBomb({ nodes, characters }: Extent): void {
    if (nodes <= this.limits.maxNodes && characters <= this.limits.maxBytes) return;
    const allowed = `${this.limits.maxNodes} values and ${this.limits.maxBytes} characters are allowed`;
    throw malformed(
      'YAML_ALIAS_BOMB',
      `aliases expand to ${nodes} values, ${characters} characters or more; ${allowed}`,
    );
  }

  private tooDeep(): FleetError {
    return tooLarge('YAML_TOO_DEEP', `the text nests deeper than ${this.limits.maxDepth} levels`);
  }
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (!isObject(value)) return value;
  const tree: Record<string, unknown> = {};
  for (const key of Object.keys(value)) setOwn(tree, key, copy(value[key]));
  return tree;
}

function asFleetError(error: unknown): FleetError {
  if (error instanceof FleetError) return error;
  if (!(error instanceof YAMLException)) return malformed('YAML_SYNTAX', messageOf(error));
  if (error.reason.startsWith('nesting exceeded')) return tooLarge('YAML_TOO_DEEP', error.reason);
  if (error.mark === undefined) return malformed('YAML_SYNTAX', error.reason);
  return malformed('YAML_SYNTAX', error.reason, `line ${error.mark.line + 1}, column ${error.mark.column + 1}`);
}

function malformed(code: string, message: string, path?: string): FleetError {
  if (path === undefined) return new FleetError('malformed', code, message);
  return new FleetError('malformed', code, `${path}: ${message}`, { faults: [{ path, message }] });
}

function tooLarge(code: string, message: string): FleetError {
  return new FleetError('too-large', code, message);
}
