import { hexDigest } from '../../../kernel/digest.js';
import { byteText, textOfBytes } from './bytes.js';
import { ofText, type NamedFunction } from './signatures.js';

const ALPHABET_32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const ALPHABET_64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Sprig's digests and encodings. What decodes to no UTF-8 loses its odd bytes to U+FFFD. */
export const SPRIG_ENCODING: readonly NamedFunction[] = [
  ['sha1sum', ofText((text) => hexDigest('sha1', text))],
  ['sha256sum', ofText((text) => hexDigest('sha256', text))],
  ['sha512sum', ofText((text) => hexDigest('sha512', text))],
  ['adler32sum', ofText(adler32)],
  ['b64enc', ofText((text) => Buffer.from(text).toString('base64'))],
  ['b64dec', ofText((text) => decoded(text, BASE_64))],
  ['b32enc', ofText(encodeBase32)],
  ['b32dec', ofText((text) => decoded(text, BASE_32))],
];

function adler32(text: string): string {
  let [low, high] = [1, 0];
  for (const byte of new TextEncoder().encode(text)) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return String(high * 65536 + low);
}

function encodeBase32(text: string): string {
  let written = '';
  let [bits, held] = [0, 0];
  for (const byte of new TextEncoder().encode(text)) {
    bits = (bits << 8) | byte;
    for (held += 8; held >= 5; held -= 5) written += ALPHABET_32.charAt((bits >> (held - 5)) & 31);
    bits &= 255;
  }
  if (held > 0) written += ALPHABET_32.charAt((bits << (5 - held)) & 31);
  return written.padEnd(Math.ceil(written.length / 8) * 8, '=');
}

interface Encoding {
  name: string;
  alphabet: string;
  bits: number;
  /** Index of the byte that Go complains about; undefined where all are in order. */
  wrongAt(bytes: string): number | undefined;
}

const BASE_64: Encoding = { name: 'base64', alphabet: ALPHABET_64, bits: 6, wrongAt: wrongInBase64 };
const BASE_32: Encoding = { name: 'base32', alphabet: ALPHABET_32, bits: 5, wrongAt: wrongInBase32 };

/** The text, or Go's words about the first byte that does not fit, as sprig gives them. */
function decoded(given: string, encoding: Encoding): string {
  const bytes = byteText(given);
  const wrong = encoding.wrongAt(bytes);
  if (wrong !== undefined) return `illegal ${encoding.name} data at input byte ${wrong}`;
  return textOfBytes([...bytesOf(bytes, encoding)].join(''));
}

/** Line breaks are skipped, and count. */
function wrongInBase64(bytes: string): number | undefined {
  const odd = bytes.search(/[^A-Za-z0-9+/\r\n]/);
  const end = odd < 0 ? bytes.length : odd;
  const within = withoutBreaks(bytes.slice(0, end)).length % 4;
  if (odd < 0) return within === 0 ? undefined : bytes.length - within;
  if (bytes[odd] !== '=' || within < 2) return odd;
  let next = odd + 1;
  if (within === 2) {
    next = afterBreaks(bytes, next);
    if (next >= bytes.length) return bytes.length;
    if (bytes[next] !== '=') return next - 1;
    next += 1;
  }
  next = afterBreaks(bytes, next);
  return next < bytes.length ? next : undefined;
}

/** Line breaks are taken out first. */
function wrongInBase32(bytes: string): number | undefined {
  const text = withoutBreaks(bytes);
  const odd = text.search(/[^A-Z2-7]/);
  const end = odd < 0 ? text.length : odd;
  const within = end % 8;
  if (odd < 0) return within === 0 ? undefined : end - within;
  const left = text.length - odd - 1;
  if (text[odd] !== '=' || within < 2 || left >= 8) return odd;
  if (left + within < 7) return text.length;
  const padding = text.slice(odd + 1, odd + 8 - within);
  const other = padding.search(/[^=]/);
  if (other >= 0) return odd + other;
  return within === 3 || within === 6 ? odd : undefined;
}

function withoutBreaks(bytes: string): string {
  return bytes.replace(/[\r\n]/g, '');
}

function afterBreaks(bytes: string, from: number): number {
  let at = from;
  while (bytes[at] === '\r' || bytes[at] === '\n') at += 1;
  return at;
}

function* bytesOf(bytes: string, { alphabet, bits }: Encoding): Generator<string> {
  let [value, held] = [0, 0];
  for (const character of withoutBreaks(bytes)) {
    if (character === '=') return;
    value = ((value << bits) | alphabet.indexOf(character)) & 0xffff;
    held += bits;
    if (held < 8) continue;
    held -= 8;
    yield String.fromCharCode((value >> held) & 255);
  }
}
