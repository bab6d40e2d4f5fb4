import { hexDigest } from '../../../kernel/digest.js';
import { compareBytes, formatGoValue } from '../../go-format.js';
import { trimSpace } from '../../go-text.js';
import { StringList, stringMap } from '../../parameters.js';
import { byteLength, sliceBytes } from './bytes.js';
import { GoExecutionError } from './execution-error.js';
import type { CallContext, GoFunction, ParameterType } from './function.js';
import { quoteText } from './quote.js';
import type { GoValue } from './values.js';

const of = (parameters: ParameterType[], call: GoFunction['call']): GoFunction => ({ parameters, call });
const ofText = (call: (text: string, context: CallContext) => GoValue): GoFunction =>
  of(['string'], ([text], context) => call(text as string, context));
const ofTwo = (call: (first: string, second: string) => GoValue): GoFunction =>
  of(['string', 'string'], ([first, second]) => call(first as string, second as string));
const ofMany = (call: (values: GoValue[]) => GoValue): GoFunction => ({ parameters: [], variadic: 'any', call });

/** Sprig's functions on text, as far as they are held to Go's own answers. */
export const SPRIG_STRINGS: readonly (readonly [string, GoFunction])[] = [
  ['trim', ofText(trimSpace)],
  ['upper', ofText(upper)],
  ['lower', ofText(lower)],
  ['nospace', ofText((text) => text.replace(/\p{White_Space}/gu, ''))],
  ['trimAll', ofTwo((cut, text) => trimAll(cut, text))],
  ['trimall', ofTwo((cut, text) => trimAll(cut, text))],
  [
    'trimSuffix',
    ofTwo((suffix, text) => (suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text)),
  ],
  ['trimPrefix', ofTwo((prefix, text) => (text.startsWith(prefix) ? text.slice(prefix.length) : text))],
  ['contains', ofTwo((part, text) => text.includes(part))],
  ['hasPrefix', ofTwo((prefix, text) => text.startsWith(prefix))],
  ['hasSuffix', ofTwo((suffix, text) => text.endsWith(suffix))],
  ['repeat', of(['int', 'string'], ([count, text], context) => repeated(count as bigint, text as string, context))],
  [
    'substr',
    of(['int', 'int', 'string'], ([start, end, text]) => substring(text as string, Number(start), Number(end))),
  ],
  ['trunc', of(['int', 'string'], ([length, text]) => truncated(text as string, Number(length)))],
  ['replace', of(['string', 'string', 'string'], (args, context) => replaced(args as string[], context))],
  ['indent', of(['int', 'string'], ([spaces, text], context) => indented(spaces as bigint, text as string, context))],
  [
    'nindent',
    of(['int', 'string'], ([spaces, text], context) => `\n${indented(spaces as bigint, text as string, context)}`),
  ],
  ['plural', of(['string', 'string', 'int'], ([one, many, count]) => (count === 1n ? one : many))],
  [
    'quote',
    ofMany((values) =>
      present(values)
        .map((value) => quoteText(formatGoValue(value)))
        .join(' '),
    ),
  ],
  [
    'squote',
    ofMany((values) =>
      present(values)
        .map((value) => `'${formatGoValue(value)}'`)
        .join(' '),
    ),
  ],
  ['cat', ofMany((values) => present(values).map(formatGoValue).join(' '))],
  ['toString', of(['any'], ([value]) => formatGoValue(value))],
  ['toStrings', of(['any'], ([value]) => textsOf(value))],
  ['splitList', ofTwo((separator, text) => StringList.from(splitText(separator, text)))],
  ['split', ofTwo((separator, text) => numbered(splitText(separator, text)))],
  ['join', of(['string', 'any'], ([separator, list], context) => joined(separator as string, textsOf(list), context))],
  ['sortAlpha', of(['any'], ([list]) => sorted(list))],
  ['sha1sum', ofText((text) => hexDigest('sha1', text))],
  ['sha256sum', ofText((text) => hexDigest('sha256', text))],
  ['sha512sum', ofText((text) => hexDigest('sha512', text))],
  ['adler32sum', ofText(adler32)],
  ['b64enc', ofText((text) => Buffer.from(text).toString('base64'))],
];

/** Go maps each character alone, to one: where JavaScript would make two of it, it stays. */
function upper(text: string): string {
  return Array.from(text, (character) => {
    const mapped = character.toUpperCase();
    return [...mapped].length === 1 ? mapped : character;
  }).join('');
}

function lower(text: string): string {
  return Array.from(text, (character) => [...character.toLowerCase()][0] ?? '').join('');
}

function trimAll(cut: string, text: string): string {
  const characters = [...text];
  const isCut = (character: string): boolean => cut.includes(character);
  const from = characters.findIndex((character) => !isCut(character));
  const to = characters.findLastIndex((character) => !isCut(character));
  return from < 0 ? '' : characters.slice(from, to + 1).join('');
}

function repeated(count: bigint, text: string, context: CallContext): string {
  if (count < 0n) throw new GoExecutionError('error calling repeat: strings: negative Repeat count');
  context.charge(Number(count) * text.length);
  return text.repeat(Number(count));
}

function substring(text: string, start: number, end: number): string {
  const size = byteLength(text);
  const [from, to] = start < 0 ? [0, end] : [start, end < 0 || end > size ? size : end];
  if (to < from || from > size || to > size) {
    throw new GoExecutionError(`error calling substr: slice bounds out of range [${from}:${to}]`);
  }
  return sliceBytes(text, from, to);
}

function truncated(text: string, length: number): string {
  const size = byteLength(text);
  if (length < 0) return size + length > 0 ? sliceBytes(text, size + length, size) : text;
  return size > length ? sliceBytes(text, 0, length) : text;
}

function replaced([old = '', next = '', text = '']: string[], context: CallContext): string {
  const parts = splitText(old, text);
  const spread = old === '' ? ['', ...parts, ''] : parts;
  return joined(next, text === '' && old === '' ? ['', ''] : spread, context);
}

function indented(spaces: bigint, text: string, context: CallContext): string {
  if (spaces < 0n) throw new GoExecutionError('error calling indent: strings: negative Repeat count');
  const lines = text.split('\n');
  context.charge(Number(spaces) * lines.length);
  const pad = ' '.repeat(Number(spaces));
  return lines.map((line) => pad + line).join('\n');
}

function joined(separator: string, texts: readonly string[], context: CallContext): string {
  context.charge(texts.reduce((sum, text) => sum + text.length + separator.length, 0));
  return texts.join(separator);
}

/** Go splits by characters where the separator is empty; JavaScript would cut surrogate pairs. */
function splitText(separator: string, text: string): string[] {
  return separator === '' ? [...text] : text.split(separator);
}

function numbered(parts: readonly string[]): Record<string, string> {
  return stringMap(parts.map((part, index) => [`_${index}`, part] as const));
}

function present(values: readonly GoValue[]): GoValue[] {
  return values.filter((value) => value !== null);
}

function textsOf(value: GoValue): StringList {
  if (value === null) return StringList.from([]);
  if (!Array.isArray(value)) return StringList.from([formatGoValue(value)]);
  return StringList.from(present(value).map(formatGoValue));
}

function sorted(value: GoValue): StringList {
  return StringList.from([...textsOf(value === null ? '<nil>' : value)].sort(compareBytes));
}

function adler32(text: string): string {
  let [low, high] = [1, 0];
  for (const byte of new TextEncoder().encode(text)) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return String(high * 65536 + low);
}
