import { fail, ok, type Result } from '../../../kernel/result.js';

export interface JqToken {
  type: 'symbol' | 'name' | 'text' | 'number';
  /** The symbol or name; the text without its quotes; the number as written. */
  value: string;
  /** Where it starts, from 1, for messages. */
  at: number;
}

const SPACE = /\s*(?:#[^\n]*\s*)*/y;
const SYMBOL = /\.\.|==|!=|<=|>=|[.[\](),|?<>]/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /-?\d+(?:\.\d+)?/y;
const TEXT = /"(?:[^"\\]|\\.)*"/y;

/** The words of a jq expression; the first character that starts none of them fails it. */
export function jqTokens(source: string): Result<JqToken[], string> {
  const tokens: JqToken[] = [];
  for (let at = skip(source, 0); at < source.length;) {
    const token = nextToken(source, at);
    if (token === undefined) return fail(`"${source.slice(at, at + 10)}" at character ${at + 1}`);
    tokens.push(token.token);
    at = skip(source, token.end);
  }
  return ok(tokens);
}

function nextToken(source: string, at: number): { token: JqToken; end: number } | undefined {
  for (const [type, pattern] of [
    ['symbol', SYMBOL],
    ['name', NAME],
    ['number', NUMBER],
    ['text', TEXT],
  ] as const) {
    const found = match(pattern, source, at);
    const value = type === 'text' && found !== undefined ? textOf(found) : found;
    if (found !== undefined && value !== undefined)
      return { token: { type, value, at: at + 1 }, end: at + found.length };
  }
  return undefined;
}

/** Interpolation `\(…)` is no JSON, and so no text here. */
function textOf(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}

function skip(source: string, at: number): number {
  return at + (match(SPACE, source, at)?.length ?? 0);
}

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}
