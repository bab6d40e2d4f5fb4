import { decodeBytes } from './bytes.js';

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([^xuU0-7]))/y;

/** Go's strconv.Unquote of an interpreted string or character literal; undefined where it is malformed. */
export function unquote(literal: string): string | undefined {
  const quote = literal[0];
  const bytes: number[] = [];
  const inner = literal.slice(1, -1);
  let at = 0;
  while (at < inner.length) {
    if (inner[at] !== '\\') {
      const character = String.fromCodePoint(inner.codePointAt(at) ?? 0);
      bytes.push(...new TextEncoder().encode(character));
      at += character.length;
      continue;
    }
    ESCAPE.lastIndex = at;
    const match = ESCAPE.exec(inner);
    const escaped = match && escapedBytes(match, quote);
    if (!escaped) return undefined;
    bytes.push(...escaped);
    at += match[0].length;
  }
  return decodeBytes(new Uint8Array(bytes));
}

function escapedBytes([, hex, short, long, octal, simple]: RegExpExecArray, quote = ''): Iterable<number> | undefined {
  if (hex !== undefined) return [Number.parseInt(hex, 16)];
  if (octal !== undefined) return Number.parseInt(octal, 8) > 255 ? undefined : [Number.parseInt(octal, 8)];
  const digits = short ?? long;
  if (digits !== undefined) {
    const code = Number.parseInt(digits, 16);
    return code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? undefined : encode(String.fromCodePoint(code));
  }
  const isOtherQuote = (simple === '"' || simple === "'") && simple !== quote;
  const character = simple === undefined || isOtherQuote ? undefined : ESCAPES[simple];
  return character === undefined ? undefined : encode(character);
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const INTEGER = /^([-+]?)(0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)$/;
const FLOAT =
  /^[-+]?(?:[0-9](?:_?[0-9])*\.?(?:[0-9](?:_?[0-9])*)?|\.[0-9](?:_?[0-9])*)(?:[eE][-+]?[0-9](?:_?[0-9])*)?$/;
const HEX_FLOAT = /^([-+]?)0[xX]((?:_?[0-9a-fA-F])*)\.?((?:[0-9a-fA-F](?:_?[0-9a-fA-F])*)?)[pP]([-+]?[0-9]{1,4})$/;
/** More digits than any number of Go's types needs. */
const LONGEST_NUMBER = 400;
const LARGEST = 2n ** 63n - 1n;

/** A number as text/template types it: an int, or a float64 where it is spelt so; undefined where it is malformed. */
export function parseNumber(text: string): bigint | number | undefined {
  if (text.length > LONGEST_NUMBER) return undefined;
  const integer = INTEGER.exec(text);
  if (integer) return integerOf(integer[1] ?? '', (integer[2] ?? '').replaceAll('_', ''));
  const hex = HEX_FLOAT.exec(text);
  if (hex) return hexFloatOf(hex);
  if (!FLOAT.test(text) || !/[.eE]/.test(text)) return undefined;
  const value = Number(text.replaceAll('_', ''));
  return Number.isFinite(value) ? value : undefined;
}

function hexFloatOf([, sign, whole = '', fraction = '', power]: RegExpExecArray): number | undefined {
  const digits = `${whole}${fraction}`.replaceAll('_', '');
  if (digits === '') return undefined;
  const value = Number(`0x${digits}`) * 2 ** (Number(power) - 4 * fraction.replaceAll('_', '').length);
  return Number.isFinite(value) ? (sign === '-' ? -value : value) : undefined;
}

function integerOf(sign: string, digits: string): bigint | undefined {
  const isOldOctal = /^0[0-7]+$/.test(digits);
  const magnitude = BigInt(isOldOctal ? `0o${digits.slice(1)}` : digits.toLowerCase());
  const value = sign === '-' ? -magnitude : magnitude;
  return value > LARGEST || value < -LARGEST - 1n ? undefined : value;
}
