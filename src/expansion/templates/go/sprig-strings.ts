import { compareBytes, formatGoValue } from '../../go-format.js';
import { trimSpace } from '../../go-text.js';
import { StringList, stringMap } from '../../parameters.js';
import { byteLength, sliceBytes } from './bytes.js';
import { GoExecutionError } from './execution-error.js';
import type { CallContext, GoFunction } from './function.js';
import { quoteText } from './quote.js';
import { of, ofAny, ofText, ofTwoTexts, type NamedFunction } from './signatures.js';
import { isNilList, type GoValue } from './values.js';
import { lowerText, upperText } from './word-case.js';

const ofValues = (call: (values: GoValue[]) => GoValue): GoFunction => ({ parameters: [], variadic: 'any', call });
const ofSplit = (call: (parts: string[]) => GoValue): GoFunction =>
  of(['string', 'string'], ([separator, text], context) => {
    chargeSearch(separator as string, text as string, context);
    return call(splitText(separator as string, text as string));
  });

/** Sprig's functions on text. */
export const SPRIG_STRINGS: readonly NamedFunction[] = [
  ['trim', ofText(trimSpace)],
  ['upper', ofText(upperText)],
  ['lower', ofText(lowerText)],
  ['trimAll', ofTwoTexts((cut, text) => trimAll(cut, text))],
  ['trimall', ofTwoTexts((cut, text) => trimAll(cut, text))],
  [
    'trimSuffix',
    ofTwoTexts((suffix, text) => (suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text)),
  ],
  ['trimPrefix', ofTwoTexts((prefix, text) => (text.startsWith(prefix) ? text.slice(prefix.length) : text))],
  [
    'contains',
    of(['string', 'string'], ([part, text], context) => {
      chargeSearch(part as string, text as string, context);
      return (text as string).includes(part as string);
    }),
  ],
  ['hasPrefix', ofTwoTexts((prefix, text) => text.startsWith(prefix))],
  ['hasSuffix', ofTwoTexts((suffix, text) => text.endsWith(suffix))],
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
    ofValues((values) =>
      present(values)
        .map((value) => quoteText(formatGoValue(value)))
        .join(' '),
    ),
  ],
  [
    'squote',
    ofValues((values) =>
      present(values)
        .map((value) => `'${formatGoValue(value)}'`)
        .join(' '),
    ),
  ],
  ['cat', ofValues((values) => present(values).map(formatGoValue).join(' '))],
  ['toString', ofAny(formatGoValue)],
  ['toStrings', ofAny(textsOf)],
  ['splitList', ofSplit((parts) => StringList.from(parts))],
  ['split', ofSplit(numbered)],
  [
    'splitn',
    of(['string', 'int', 'string'], ([separator, most, text]) =>
      numbered(splitMost(separator as string, Number(most), text as string)),
    ),
  ],
  ['join', of(['string', 'any'], ([separator, list], context) => joined(separator as string, textsOf(list), context))],
  ['sortAlpha', ofAny(sorted)],
];

const COMPARISONS_A_STEP = 4_096;

/** Looking for a long text in a long text may compare every character of the one with every one of the other. */
function chargeSearch(part: string, text: string, context: CallContext): void {
  context.spend(Math.floor((part.length * text.length) / COMPARISONS_A_STEP));
}

function trimAll(cut: string, text: string): string {
  const characters = [...text];
  const unwanted = new Set(cut);
  const isCut = (character: string): boolean => unwanted.has(character);
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
  chargeSearch(old, text, context);
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

/** At most so many parts, the last the rest; all where the number is negative, none where it is 0. */
function splitMost(separator: string, most: number, text: string): string[] {
  const parts = splitText(separator, text);
  if (most < 0 || parts.length <= most) return parts;
  if (most === 0) return [];
  return [...parts.slice(0, most - 1), parts.slice(most - 1).join(separator)];
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
  if (value instanceof StringList) return value;
  return StringList.from(present(value).map(formatGoValue));
}

function sorted(value: GoValue): StringList {
  const texts = textsOf(value === null ? '<nil>' : value);
  return isNilList(texts) ? texts : StringList.from([...texts].sort(compareBytes));
}
