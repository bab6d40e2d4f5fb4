import type { Token, TokenKind } from './lexer.js';
import { parseNumber, unquote } from './literals.js';
import type { Command, Operand, Pipe } from './nodes.js';
import { GoTemplateSyntaxError } from './syntax-error.js';
import { describe, type TokenReader } from './token-reader.js';

const MAX_PARENTHESES = 200;
const NOT_EXECUTABLE: ReadonlySet<Operand['kind']> = new Set(['dot', 'nil', 'constant']);

/** Pipelines, commands and operands, with the variables in sight. */
export class PipelineParser {
  private variables = ['$'];
  private parentheses = 0;

  constructor(
    private readonly tokens: TokenReader,
    private readonly isFunction: (name: string) => boolean,
  ) {}

  openScope(): number {
    return this.variables.length;
  }

  closeScope(length: number): void {
    this.variables.length = length;
  }

  openTemplate(): string[] {
    const outer = this.variables;
    this.variables = ['$'];
    return outer;
  }

  closeTemplate(outer: string[]): void {
    this.variables = outer;
  }

  /** A pipeline up to and with the token that ends it. */
  pipe(context: string, end: TokenKind): Pipe {
    const { at } = this.tokens.peekNonSpace();
    const pipe: Pipe = { kind: 'pipe', commands: [], variables: [], isAssignment: false, at };
    this.declarations(pipe, context);
    for (;;) {
      const token = this.tokens.peekNonSpace();
      if (token.kind === end) break;
      if (!startsOperand(token.kind)) throw unexpected(token, context);
      pipe.commands.push(this.command());
    }
    this.tokens.take();
    refuseNotExecutable(pipe, context);
    return pipe;
  }

  private declarations(pipe: Pipe, context: string): void {
    for (;;) {
      const mark = this.tokens.mark();
      const variable = this.tokens.peekNonSpace();
      if (variable.kind !== 'variable') return;
      this.tokens.take();
      const next = this.tokens.peekNonSpace();
      if (next.kind !== 'assign' && next.kind !== 'declare' && next.kind !== 'comma') {
        this.tokens.rewind(mark);
        return;
      }
      this.tokens.take();
      pipe.variables.push(variable.text);
      this.variables.push(variable.text);
      pipe.isAssignment = next.kind === 'assign';
      if (next.kind !== 'comma') return;
      this.refuseMoreDeclarations(pipe, context);
    }
  }

  private refuseMoreDeclarations(pipe: Pipe, context: string): void {
    if (context !== 'range' || pipe.variables.length >= 2)
      throw this.tokens.error(`too many declarations in ${context}`);
    const { kind } = this.tokens.peekNonSpace();
    if (kind !== 'variable' && kind !== 'right' && kind !== 'close') {
      throw this.tokens.error('range can only initialize variables');
    }
  }

  private command(): Command {
    const command: Command = { operands: [], at: this.tokens.peekNonSpace().at };
    for (;;) {
      this.tokens.peekNonSpace();
      const operand = this.operand();
      if (operand) command.operands.push(operand);
      const token = this.tokens.peek();
      if (token.kind === 'space' || token.kind === 'pipe') this.tokens.take();
      else if (token.kind !== 'right' && token.kind !== 'close') throw unexpected(token, 'operand');
      if (token.kind !== 'space') break;
    }
    if (command.operands.length === 0) throw this.tokens.error('empty command');
    return command;
  }

  private operand(): Operand | undefined {
    const term = this.term();
    if (!term || this.tokens.peek().kind !== 'field') return term;
    const names: string[] = [];
    while (this.tokens.peek().kind === 'field') names.push(this.tokens.take().text.slice(1));
    if (NOT_EXECUTABLE.has(term.kind)) throw this.tokens.error('unexpected . after a constant');
    if (term.kind === 'field' || term.kind === 'variable') return { ...term, names: [...term.names, ...names] };
    return { kind: 'chain', of: term, names, at: term.at };
  }

  private term(): Operand | undefined {
    const token = this.tokens.peekNonSpace();
    if (!startsOperand(token.kind)) return undefined;
    this.tokens.take();
    const { text, at } = token;
    if (token.kind === 'identifier') return this.function(token);
    if (token.kind === 'dot' || token.kind === 'nil') return { kind: token.kind, at };
    if (token.kind === 'variable') return this.variable(token);
    if (token.kind === 'field') return { kind: 'field', names: [text.slice(1)], at };
    if (token.kind === 'open') return this.parenthesized();
    return { kind: 'constant', value: constantOf(token), at };
  }

  private function({ text, at }: Token): Operand {
    if (!this.isFunction(text)) throw new GoTemplateSyntaxError(`function "${text}" not defined`, at);
    return { kind: 'function', name: text, at };
  }

  private variable({ text, at }: Token): Operand {
    if (!this.variables.includes(text)) throw new GoTemplateSyntaxError(`undefined variable "${text}"`, at);
    return { kind: 'variable', name: text, names: [], at };
  }

  private parenthesized(): Operand {
    if (++this.parentheses > MAX_PARENTHESES) throw this.tokens.error('expressions nest too deeply');
    const pipe = this.pipe('parenthesized pipeline', 'close');
    this.parentheses -= 1;
    return pipe;
  }
}

const OPERAND_STARTS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'boolean',
  'character',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'raw-string',
  'string',
  'variable',
  'open',
]);

function startsOperand(kind: TokenKind): boolean {
  return OPERAND_STARTS.has(kind);
}

function constantOf(token: Token): string | boolean | number | bigint {
  const value = readConstant(token);
  if (value === undefined) throw new GoTemplateSyntaxError(`bad constant ${token.text}`, token.at);
  return value;
}

function readConstant({ kind, text }: Token): string | boolean | number | bigint | undefined {
  if (kind === 'boolean') return text === 'true';
  if (kind === 'raw-string') return text.slice(1, -1).replaceAll('\r', '');
  if (kind === 'number') return parseNumber(text);
  const unquoted = unquote(text);
  if (kind === 'string' || unquoted === undefined) return unquoted;
  return [...unquoted].length === 1 ? BigInt(unquoted.codePointAt(0) ?? 0) : undefined;
}

function refuseNotExecutable(pipe: Pipe, context: string): void {
  if (pipe.commands.length === 0) throw new GoTemplateSyntaxError(`missing value for ${context}`, pipe.at);
  for (const [index, { operands, at }] of pipe.commands.entries()) {
    const [first] = operands;
    if (index > 0 && first && NOT_EXECUTABLE.has(first.kind)) {
      throw new GoTemplateSyntaxError(`non executable command in pipeline stage ${index + 1}`, at);
    }
  }
}

function unexpected(token: Token, context: string): GoTemplateSyntaxError {
  return new GoTemplateSyntaxError(`unexpected ${describe(token)} in ${context}`, token.at);
}
