import { fail, ok, type Result } from '../../../kernel/result.js';
import { JQ_BINARY, JQ_UNARY } from './jq-functions.js';
import { jqTokens, type JqToken } from './jq-tokens.js';

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** The part of jq that names places in a document, and the conditions by which places are selected. */
export type Jq =
  | { op: 'identity' | 'recurse' | 'iterate' }
  | { op: 'member'; key: string }
  | { op: 'item'; index: number }
  | { op: 'literal'; value: string | number | boolean | null }
  | { op: 'pipe' | 'comma'; left: Jq; right: Jq }
  | { op: 'and' | 'or'; left: Jq; right: Jq }
  | { op: 'compare'; by: Comparison; left: Jq; right: Jq }
  | { op: 'try' | 'select'; of: Jq }
  | { op: 'unary'; name: JqUnary }
  | { op: 'binary'; name: JqBinary; argument: Jq };

export type JqUnary = keyof typeof JQ_UNARY;
export type JqBinary = keyof typeof JQ_BINARY;

const LITERALS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const COMPARISONS: readonly string[] = ['==', '!=', '<', '<=', '>', '>='];
const LONGEST = 2_000;
const DEEPEST = 50;

/**
 * Reads a jq path expression: members, items, `[]`, `..`, `|`, `,`, `?`, parentheses and `select` with comparisons, `and`,
 * `or` and a few functions. Fails in words on everything else, as jq's own faults do.
 */
export function parseJq(source: string): Result<Jq, string> {
  if (source.length > LONGEST) return fail(`longer than ${LONGEST} characters`);
  const tokens = jqTokens(source);
  if (!tokens.ok) return fail(`cannot read ${tokens.error}`);
  try {
    return ok(new Parser(tokens.value).whole());
  } catch (error) {
    if (error instanceof Unreadable) return fail(error.message);
    throw error;
  }
}

class Unreadable extends Error {}

class Parser {
  private position = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly JqToken[]) {}

  whole(): Jq {
    const parsed = this.pipe();
    if (this.position < this.tokens.length) throw this.unexpected();
    return parsed;
  }

  private pipe(): Jq {
    this.depth += 1;
    if (this.depth > DEEPEST) throw new Unreadable(`nests deeper than ${DEEPEST}`);
    const left = this.comma();
    const whole: Jq = this.take('|') ? { op: 'pipe', left, right: this.pipe() } : left;
    this.depth -= 1;
    return whole;
  }

  private comma(): Jq {
    let left = this.either();
    while (this.take(',')) left = { op: 'comma', left, right: this.either() };
    return left;
  }

  private either(): Jq {
    let left = this.both();
    while (this.takeName('or')) left = { op: 'or', left, right: this.both() };
    return left;
  }

  private both(): Jq {
    let left = this.comparison();
    while (this.takeName('and')) left = { op: 'and', left, right: this.comparison() };
    return left;
  }

  private comparison(): Jq {
    const left = this.postfix();
    const token = this.tokens[this.position];
    if (token?.type !== 'symbol' || !COMPARISONS.includes(token.value)) return left;
    this.position += 1;
    return { op: 'compare', by: token.value as Comparison, left, right: this.postfix() };
  }

  private postfix(): Jq {
    let whole = this.term();
    for (;;) {
      if (this.take('?')) whole = { op: 'try', of: whole };
      else if (this.take('[')) whole = { op: 'pipe', left: whole, right: this.bracket() };
      else if (this.take('.'))
        whole = { op: 'pipe', left: whole, right: this.take('[') ? this.bracket() : this.member() };
      else return whole;
    }
  }

  private term(): Jq {
    if (this.take('..')) return { op: 'recurse' };
    if (this.take('.')) return this.afterDot();
    if (this.take('(')) return this.closed(this.pipe(), ')');
    const token = this.tokens[this.position];
    this.position += 1;
    if (token?.type === 'text') return { op: 'literal', value: token.value };
    if (token?.type === 'number') return { op: 'literal', value: Number(token.value) };
    if (token?.type === 'name') return this.named(token);
    this.position -= 1;
    throw this.unexpected();
  }

  private afterDot(): Jq {
    if (this.take('[')) return this.bracket();
    const next = this.tokens[this.position];
    return next?.type === 'name' || next?.type === 'text' ? this.member() : { op: 'identity' };
  }

  private member(): Jq {
    const token = this.tokens[this.position];
    if (token?.type !== 'name' && token?.type !== 'text') throw this.unexpected();
    this.position += 1;
    return { op: 'member', key: token.value };
  }

  private bracket(): Jq {
    if (this.take(']')) return { op: 'iterate' };
    const token = this.tokens[this.position];
    this.position += 1;
    if (token?.type === 'text') return this.closed({ op: 'member', key: token.value }, ']');
    if (token?.type === 'number' && Number.isInteger(Number(token.value)))
      return this.closed({ op: 'item', index: Number(token.value) }, ']');
    this.position -= 1;
    throw this.unexpected();
  }

  private named(token: JqToken): Jq {
    const { value: name } = token;
    if (LITERALS.has(name)) return { op: 'literal', value: LITERALS.get(name) ?? null };
    if (name === 'recurse') return { op: 'recurse' };
    if (name === 'select') return { op: 'select', of: this.argument() };
    if (Object.hasOwn(JQ_UNARY, name)) return { op: 'unary', name: name as JqUnary };
    if (Object.hasOwn(JQ_BINARY, name)) return { op: 'binary', name: name as JqBinary, argument: this.argument() };
    throw new Unreadable(`"${name}" at character ${token.at} is not supported`);
  }

  private argument(): Jq {
    if (!this.take('(')) throw this.unexpected();
    return this.closed(this.pipe(), ')');
  }

  private closed(inner: Jq, by: string): Jq {
    if (!this.take(by)) throw this.unexpected();
    return inner;
  }

  private take(symbol: string): boolean {
    const token = this.tokens[this.position];
    if (token?.type !== 'symbol' || token.value !== symbol) return false;
    this.position += 1;
    return true;
  }

  private takeName(name: string): boolean {
    const token = this.tokens[this.position];
    if (token?.type !== 'name' || token.value !== name) return false;
    this.position += 1;
    return true;
  }

  private unexpected(): Unreadable {
    const token = this.tokens[this.position];
    return new Unreadable(token ? `"${token.value}" at character ${token.at} is not expected there` : 'ends too early');
  }
}
