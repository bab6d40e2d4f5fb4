import { GoTemplateSyntaxError } from './syntax-error.js';

export type TokenKind =
  | 'text'
  | 'left'
  | 'right'
  | 'space'
  | 'identifier'
  | 'keyword'
  | 'boolean'
  | 'nil'
  | 'dot'
  | 'field'
  | 'variable'
  | 'number'
  | 'character'
  | 'string'
  | 'raw-string'
  | 'pipe'
  | 'declare'
  | 'assign'
  | 'comma'
  | 'open'
  | 'close'
  | 'end-of-text';

export interface Token {
  kind: TokenKind;
  text: string;
  /** Offset in the template, for errors. */
  at: number;
}

const KEYWORDS = new Set(['block', 'break', 'continue', 'define', 'else', 'end', 'if', 'range', 'template', 'with']);
const BLANK = ' \t\r\n';
const TRIM_AFTER = /[ \t\r\n]*/y;
const COMMENT = /(?:- |-[\t\r\n])?\/\*/y;
const COMMENT_END = /(?:[ \t\r\n]-)?\}\}/y;
const CLOSING = /(?:[ \t\r\n]-)?\}\}/y;
const WORD = '[\\p{L}\\p{Nd}_]';

/** Token shapes inside an action, tried in order; each is anchored at the current offset. */
const SHAPES: readonly (readonly [TokenKind, RegExp])[] = [
  ['space', /[ \t\r\n](?:[ \t\r\n](?!-\}\}))*/y],
  ['declare', /:=/y],
  ['assign', /=/y],
  ['pipe', /\|/y],
  ['comma', /,/y],
  ['open', /\(/y],
  ['close', /\)/y],
  ['string', /"(?:[^"\\\n]|\\[^\n])*"/y],
  ['raw-string', /`[^`]*`/y],
  ['character', /'(?:[^'\\\n]|\\[^\n])+'/y],
  ['number', new RegExp(`(?:[-+][.0-9]|\\.?[0-9])(?:[eE][-+]|[pP][-+]|[.]|${WORD})*`, 'uy')],
  ['variable', new RegExp(`\\$${WORD}*`, 'uy')],
  ['field', new RegExp(`\\.${WORD}+`, 'uy')],
  ['dot', /\./y],
  ['identifier', new RegExp(`${WORD}+`, 'uy')],
];

const NEEDS_BORDER: ReadonlySet<TokenKind> = new Set(['variable', 'field', 'dot', 'identifier']);
const BORDER = /[ \t\r\n.,|:)(]|-?\}\}|$/y;

/** Tokens of one Go template, comments left out and trim markers obeyed (text/template's own lexer is the rule). */
export function tokenize(template: string): Token[] {
  return new Lexer(template).run();
}

class Lexer {
  private readonly tokens: Token[] = [];
  private at = 0;

  constructor(private readonly template: string) {}

  run(): Token[] {
    while (this.at < this.template.length) {
      this.text();
      if (this.at < this.template.length && !this.comment()) this.action();
    }
    return [...this.tokens, { kind: 'end-of-text', text: '', at: this.at }];
  }

  private text(): void {
    const open = this.template.indexOf('{{', this.at);
    const end = open < 0 ? this.template.length : open;
    const isTrimmed = open >= 0 && /^-[ \t\r\n]/.test(this.template.slice(open + 2, open + 4));
    const raw = this.template.slice(this.at, end);
    const text = isTrimmed ? trimEnd(raw) : raw;
    if (text !== '') this.tokens.push({ kind: 'text', text, at: this.at });
    this.at = end;
  }

  private comment(): boolean {
    const opening = matchAt(COMMENT, this.template, this.at + 2);
    if (opening === undefined) return false;
    const end = this.template.indexOf('*/', this.at + 2 + opening.length);
    if (end < 0) throw this.error('unclosed comment');
    this.at = end + 2;
    const closing = matchAt(COMMENT_END, this.template, this.at);
    if (closing === undefined) throw this.error('comment ends before closing delimiter');
    this.afterAction(closing);
    return true;
  }

  private action(): void {
    this.tokens.push({ kind: 'left', text: '{{', at: this.at });
    this.at += 2;
    if (/^-[ \t\r\n]/.test(this.template.slice(this.at, this.at + 2))) this.at += 1;
    let depth = 0;
    for (;;) {
      const closing = matchAt(CLOSING, this.template, this.at);
      if (closing !== undefined) {
        if (depth > 0) throw this.error('unclosed left paren');
        this.tokens.push({ kind: 'right', text: '}}', at: this.at });
        this.afterAction(closing);
        return;
      }
      const token = this.token();
      depth += Number(token.kind === 'open') - Number(token.kind === 'close');
      if (depth < 0) throw this.error('unexpected right paren');
      this.tokens.push(token);
    }
  }

  private afterAction(closing: string): void {
    this.at += closing.length;
    if (closing.length > 2) this.at += (matchAt(TRIM_AFTER, this.template, this.at) ?? '').length;
  }

  private token(): Token {
    for (const [kind, shape] of SHAPES) {
      const text = matchAt(shape, this.template, this.at);
      if (text === undefined) continue;
      const token: Token = { kind: kind === 'identifier' ? wordKind(text) : kind, text, at: this.at };
      this.at += text.length;
      if (NEEDS_BORDER.has(kind) && matchAt(BORDER, this.template, this.at) === undefined) {
        throw this.error(`bad character ${JSON.stringify(this.template[this.at])}`);
      }
      return token;
    }
    if (this.at >= this.template.length) throw this.error('unclosed action');
    throw this.error(`unexpected ${JSON.stringify(this.template[this.at])} in action`);
  }

  private error(message: string): GoTemplateSyntaxError {
    return new GoTemplateSyntaxError(message, this.at);
  }
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && BLANK.includes(text[end - 1] ?? '')) end -= 1;
  return text.slice(0, end);
}

function wordKind(word: string): TokenKind {
  if (KEYWORDS.has(word)) return 'keyword';
  if (word === 'nil') return 'nil';
  return word === 'true' || word === 'false' ? 'boolean' : 'identifier';
}

function matchAt(shape: RegExp, text: string, at: number): string | undefined {
  shape.lastIndex = at;
  return shape.exec(text)?.[0];
}
