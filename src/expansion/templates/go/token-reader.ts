import type { Token, TokenKind } from './lexer.js';
import { GoTemplateSyntaxError } from './syntax-error.js';

/** Walks over tokens; spaces are tokens because they part the operands of a command. */
export class TokenReader {
  private next = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  peek(): Token {
    return this.tokens[this.next] ?? { kind: 'end-of-text', text: '', at: 0 };
  }

  take(): Token {
    const token = this.peek();
    this.next += 1;
    return token;
  }

  peekNonSpace(): Token {
    if (this.peek().kind === 'space') this.next += 1;
    return this.peek();
  }

  nextNonSpace(): Token {
    this.peekNonSpace();
    return this.take();
  }

  /** Where the reader stands, to come back to. */
  mark(): number {
    return this.next;
  }

  rewind(mark: number): void {
    this.next = mark;
  }

  isKeyword(word: string): boolean {
    const { kind, text } = this.peekNonSpace();
    return kind === 'keyword' && text === word;
  }

  takeKeyword(): string | undefined {
    return this.peekNonSpace().kind === 'keyword' ? this.take().text : undefined;
  }

  expect(kind: TokenKind, context: string): Token {
    const token = this.nextNonSpace();
    if (token.kind === kind) return token;
    throw new GoTemplateSyntaxError(`unexpected ${describe(token)} in ${context}`, token.at);
  }

  error(message: string): GoTemplateSyntaxError {
    return new GoTemplateSyntaxError(message, this.tokens[Math.max(this.next - 1, 0)]?.at ?? 0);
  }
}

export function describe({ kind, text }: Token): string {
  return kind === 'end-of-text' ? 'EOF' : JSON.stringify(text);
}
