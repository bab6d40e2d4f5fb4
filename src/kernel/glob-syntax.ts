import { ANY_CHARACTER, type CharacterSet, type GlobNode, type GlobPattern } from './glob.js';

const NOT_SLASH: CharacterSet = { not: true, ranges: [[0x2f, 0x2f]] };
/** Longer ones are malformed; documents must not hold them, so that no deny is lost. */
export const MAX_PATTERN = 1024;
const MAX_DEPTH = 16;

/**
 * Reads the dialect of AppProjects and RBAC policies: `*` `**` `?` `[a-z]` `[abc]` `[!…]` `{a,b}` and `\` (argocd-behaviour.md 5.2,
 * 5.3, 6.1). With `segments`, `*` and `?` stop at `/` and only `**` crosses it. An unclosed `{` ends with the
 * pattern; a bracket holds one range or one list, never both. Undefined when malformed: such a pattern matches nothing.
 */
export function parseGlob(pattern: string, { segments = false } = {}): GlobPattern | undefined {
  if (!isReadable(pattern) || pattern.includes('\0')) return undefined;
  const reader = new Reader(pattern);
  return readSequence(reader, { inside: segments ? NOT_SLASH : ANY_CHARACTER, depth: 0 });
}

/** Reads Go's path patterns, used for kinds and groups (5.4): no braces or `**`, `*` and `?` stop at `/`, brackets negate with `^`. */
export function parsePathPattern(pattern: string): GlobPattern | undefined {
  if (!isReadable(pattern)) return undefined;
  const reader = new Reader(pattern);
  const nodes: GlobNode[] = [];
  while (!reader.done) {
    const node = readPathNode(reader);
    if (!node) return undefined;
    append(nodes, node);
  }
  return nodes;
}

/** Halves of a character outside the basic plane would match halves of others. */
function isReadable(pattern: string): boolean {
  return pattern.length <= MAX_PATTERN && !/\p{Surrogate}/u.test(pattern);
}

/** Walks a pattern by code points. */
class Reader {
  private readonly characters: string[];
  private position = 0;

  constructor(pattern: string) {
    this.characters = [...pattern];
  }

  get done(): boolean {
    return this.position >= this.characters.length;
  }

  peek(ahead = 0): string | undefined {
    return this.characters[this.position + ahead];
  }

  next(): string | undefined {
    return this.characters[this.position++];
  }

  /** Consumes the character if it is the next one. */
  take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.position += 1;
    return true;
  }
}

interface Scope {
  /** What `*` and `?` stand for. */
  inside: CharacterSet;
  /** How many braces are open. */
  depth: number;
}

function readSequence(reader: Reader, scope: Scope): GlobPattern | undefined {
  const nodes: GlobNode[] = [];
  while (!reader.done) {
    if (scope.depth > 0 && (reader.peek() === ',' || reader.peek() === '}')) break;
    const node = readNode(reader, scope);
    if (!node) return undefined;
    append(nodes, node);
  }
  return nodes;
}

function readNode(reader: Reader, scope: Scope): GlobNode | undefined {
  const character = reader.next() ?? '';
  if (character === '*') return { type: 'many', set: reader.take('*') ? ANY_CHARACTER : scope.inside };
  if (character === '?') return { type: 'one', set: scope.inside };
  if (character === '[') return readBracket(reader);
  if (character === '{') return readBranches(reader, { ...scope, depth: scope.depth + 1 });
  if (character === '\\') return { type: 'text', text: reader.next() ?? '' };
  return { type: 'text', text: character };
}

function readBranches(reader: Reader, scope: Scope): GlobNode | undefined {
  if (scope.depth > MAX_DEPTH) return undefined;
  const branches: GlobPattern[] = [];
  do {
    const branch = readSequence(reader, scope);
    if (!branch) return undefined;
    branches.push(branch);
  } while (reader.take(','));
  reader.take('}');
  return { type: 'anyOf', branches };
}

function readBracket(reader: Reader): GlobNode | undefined {
  const not = reader.take('!');
  const set = reader.peek(1) === '-' ? readRange(reader) : readList(reader);
  return set && reader.take(']') ? { type: 'one', set: { ...set, not } } : undefined;
}

function readRange(reader: Reader): CharacterSet | undefined {
  const low = codeOf(reader.next());
  reader.next();
  const high = codeOf(reader.next());
  return low === undefined || high === undefined || high < low ? undefined : { not: false, ranges: [[low, high]] };
}

function readList(reader: Reader): CharacterSet | undefined {
  const ranges: [number, number][] = [];
  while (!reader.done && reader.peek() !== ']') {
    reader.take('\\');
    const code = codeOf(reader.next());
    if (code !== undefined) ranges.push([code, code]);
  }
  return ranges.length > 0 ? { not: false, ranges } : undefined;
}

function readPathNode(reader: Reader): GlobNode | undefined {
  const character = reader.next() ?? '';
  if (character === '*') return { type: 'many', set: NOT_SLASH };
  if (character === '?') return { type: 'one', set: NOT_SLASH };
  if (character === '[') return readPathBracket(reader);
  if (character !== '\\') return { type: 'text', text: character };
  const escaped = reader.next();
  return escaped === undefined ? undefined : { type: 'text', text: escaped };
}

function readPathBracket(reader: Reader): GlobNode | undefined {
  const not = reader.take('^');
  const ranges: [number, number][] = [];
  while (ranges.length === 0 || !reader.take(']')) {
    const low = readPathMember(reader);
    const high = low !== undefined && reader.take('-') ? readPathMember(reader) : low;
    if (low === undefined || high === undefined) return undefined;
    ranges.push([low, high]);
  }
  return { type: 'one', set: { not, ranges } };
}

/** One end of a range; `-` and `]` must be escaped there, and the bracket must still have a character to come. */
function readPathMember(reader: Reader): number | undefined {
  if (reader.peek() === '-' || reader.peek() === ']') return undefined;
  reader.take('\\');
  const code = codeOf(reader.next());
  return reader.done ? undefined : code;
}

function codeOf(character: string | undefined): number | undefined {
  return character?.codePointAt(0);
}

/** Joins neighbouring literal characters, so plain names and prefixes stay one node. */
function append(nodes: GlobNode[], node: GlobNode): void {
  const last = nodes.at(-1);
  if (node.type === 'text' && last?.type === 'text')
    nodes[nodes.length - 1] = { type: 'text', text: last.text + node.text };
  else nodes.push(node);
}
