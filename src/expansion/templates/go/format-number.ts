import { binaryFloat, hexFloat } from './binary-float.js';
import { fixed, shortest, significant } from './decimal.js';
import { padded, type Directive } from './directive.js';
import { isPrinted, quoteCharacter } from './quote.js';

const RADIX: Readonly<Record<string, number>> = { b: 2, o: 8, O: 8, d: 10, v: 10, x: 16, X: 16 };
const PREFIX: Readonly<Record<string, string>> = { b: '0b', o: '0', O: '0o', x: '0x', X: '0X' };

/** An int by `%d` and its kin; undefined where the verb is none for integers. */
export function formatInteger(value: bigint, directive: Directive): string | undefined {
  const { verb } = directive;
  if (verb === 'c') return padded(character(value), directive);
  if (verb === 'q') return padded(quoteCharacter(character(value), directive.plus), directive);
  if (verb === 'U') return padded(unicode(value, directive), { ...directive, zero: false });
  const radix = RADIX[verb];
  if (radix === undefined) return undefined;
  const { precision } = directive;
  const magnitude = value < 0n ? -value : value;
  if (precision === 0 && value === 0n) return padded('', { ...directive, zero: false });
  const plain = magnitude.toString(radix);
  const padding = (verb === 'X' ? plain.toUpperCase() : plain).padStart(precision ?? zeroesOf(value, directive), '0');
  const digits = verb === 'O' && directive.sharp && !padding.startsWith('0') ? `0${padding}` : padding;
  const hasPrefix = verb === 'O' || directive.sharp;
  const prefix = hasPrefix && !(verb === 'o' && digits.startsWith('0')) ? (PREFIX[verb] ?? '') : '';
  return signed(value < 0n, prefix + digits, { ...directive, zero: false });
}

/** How many digits the width asks for where zeros fill it; a prefix is not counted. */
function zeroesOf(value: bigint, { zero, width = 0, plus, space }: Directive): number {
  return zero ? width - Number(value < 0n || plus || space) : 0;
}

function character(value: bigint): string {
  const isValid = value >= 0n && value <= 0x10ffffn && !(value >= 0xd800n && value < 0xe000n);
  return isValid ? String.fromCodePoint(Number(value)) : '\uFFFD';
}

function unicode(value: bigint, { sharp, precision }: Directive): string {
  const digits = BigInt.asUintN(64, value).toString(16).toUpperCase();
  const code = `U+${digits.padStart(Math.max(precision ?? 4, 4), '0')}`;
  return sharp && value >= 0n && value <= 0x10ffffn && isPrinted(character(value))
    ? `${code} '${character(value)}'`
    : code;
}

/** A float64 by `%g` and its kin; undefined where the verb is none for floats. */
export function formatFloat(value: number, directive: Directive): string | undefined {
  const { verb, precision } = directive;
  const write = FLOAT_VERBS[verb.toLowerCase()];
  if (!write || verb === 'V' || verb === 'B') return undefined;
  if (!Number.isFinite(value)) return notFinite(value, directive);
  const isNegative = value < 0 || Object.is(value, -0);
  const plain = write(value, precision);
  const text = directive.sharp && verb !== 'b' ? withPoint(plain, directive) : plain;
  return signed(isNegative, 'GEX'.includes(verb) ? text.toUpperCase() : text, directive);
}

const FLOAT_VERBS: Readonly<Record<string, (value: number, precision: number | undefined) => string>> = {
  v: general,
  g: general,
  e: (value, precision) => exponential(value, precision ?? 6),
  f: (value, precision) => fixed(value, precision ?? 6),
  b: binaryFloat,
  x: hexFloat,
};

/** Never padded with zeros; an infinity always has its sign. */
function notFinite(value: number, directive: Directive): string {
  const plain = { ...directive, zero: false };
  if (Number.isNaN(value)) return signed(false, 'NaN', plain);
  return signed(value < 0, 'Inf', { ...plain, plus: plain.plus || !plain.space });
}

/** `#` keeps the point, and for `%g` and `%x` as many digits as the precision says. */
function withPoint(text: string, { verb, precision }: Directive): string {
  const [, mantissa = '', power = ''] = /^(0x[^p]*|[^e]*)(.*)$/.exec(text) ?? [];
  const isCounted = 'vgGx'.includes(verb);
  const digits = mantissa
    .replace(/^0x/, 'x')
    .replace('.', '')
    .replace(/^0+(?=.)/, '').length;
  const missing = isCounted ? Math.max((precision ?? 6) - digits, 0) : 0;
  return `${mantissa}${mantissa.includes('.') ? '' : '.'}${'0'.repeat(missing)}${power}`;
}

function exponential(value: number, precision: number): string {
  return spell(significant(value, precision + 1));
}

function spell({ digits, exponent }: { digits: string; exponent: number }): string {
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  const power = String(Math.abs(exponent)).padStart(2, '0');
  return `${digits.slice(0, 1)}${fraction}e${exponent < 0 ? '-' : '+'}${power}`;
}

function general(value: number, precision: number | undefined): string {
  if (value === 0) return '0';
  const rounded = precision === undefined ? shortest(value) : significant(value, Math.max(precision, 1));
  const digits = rounded.digits.replace(/0+$/, '') || '0';
  const { exponent } = rounded;
  if (exponent < -4 || exponent >= plainLimit(digits.length, exponent, precision)) return spell({ digits, exponent });
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** From which exponent on `%g` writes one; strconv's own rule. */
function plainLimit(digits: number, exponent: number, precision: number | undefined): number {
  if (precision === undefined) return 6;
  const wanted = Math.max(precision, 1);
  return wanted > digits && digits >= exponent + 1 ? digits : wanted;
}

/** The sign goes before padding zeros and after padding spaces. */
function signed(isNegative: boolean, digits: string, directive: Directive): string {
  const sign = isNegative ? '-' : directive.plus ? '+' : directive.space ? ' ' : '';
  if (!directive.zero || directive.minus) return padded(sign + digits, { ...directive, zero: false });
  return sign + padded(digits, { ...directive, width: (directive.width ?? 0) - sign.length });
}
