import { foldPieces, foldSpaces } from './yaml-fold.js';

const WORDS = new Set(
  'y Y yes Yes YES true True TRUE on On ON n N no No NO false False FALSE off Off OFF ~ null Null NULL .nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF'
    .split(' ')
    .concat(''),
);
const NUMBER =
  /^[-+]?(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|[0-9]+|(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$/;
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const TIMESTAMP =
  /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})| [0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]+)?)?$/;
const INDICATOR_FIRST = /^(?:[#,[\]{}&*!|>'"%@`]|[?:-](?:[ \t\r\n\x85\u2028\u2029]|$)|---|\.\.\.)/;
const INDICATOR = /:(?: |\t|$)|[ \t\n]#/;
const UNPRINTABLE = /[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u;
const LINE_BREAK = /[\n\r\x85\u2028\u2029]/;

/** Where a scalar stands: the indentation of its further lines, and how many characters its first line has before it. */
export interface YamlPlace {
  indent: string;
  column: number;
}

/** A text as go-yaml 2 writes it: plain where that reads back as text, else quoted or as a literal block. */
export function yamlText(text: string, place: YamlPlace): string {
  if (text.includes('\n')) return canBeBlock(text) ? literalBlock(text, place.indent) : doubleQuoted(text, place);
  return inline(text, place);
}

/** The same on one line, as a key must be. */
export function yamlLine(text: string): string {
  return inline(text, undefined);
}

function inline(text: string, place: YamlPlace | undefined): string {
  if (isAmbiguous(text)) return doubleQuoted(text, place);
  if (UNPRINTABLE.test(text) || / [\r\x85\u2028\u2029]|[\r\x85\u2028\u2029] /.test(text))
    return doubleQuoted(text, place);
  const isPlain = !/^ | $/.test(text) && !INDICATOR_FIRST.test(text) && !INDICATOR.test(text) && !LINE_BREAK.test(text);
  return isPlain ? foldSpaces(text, place) : `'${foldSpaces(text.replaceAll("'", "''"), place, 1)}'`;
}

/** It would be read as something else than text. */
function isAmbiguous(text: string): boolean {
  if (WORDS.has(text) || BASE_60.test(text)) return true;
  if (!/^[-+.0-9]/.test(text) || text.length > 400) return false;
  return NUMBER.test(text.replaceAll('_', '')) || isTimestamp(text);
}

function isTimestamp(text: string): boolean {
  const match = TIMESTAMP.exec(text);
  if (!match) return false;
  const [year, month, day] = match.slice(1, 4).map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function canBeBlock(text: string): boolean {
  return !text.endsWith(' ') && !/ [\n\r\x85\u2028\u2029]/.test(text) && !UNPRINTABLE.test(text);
}

function literalBlock(text: string, indent: string): string {
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const chomp = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const lines = text.replace(/\n$/, '').split('\n');
  return `|${hint}${chomp}\n${lines.map((line) => (line === '' ? '' : indent + line)).join('\n')}`;
}

const SHORT: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\x85': 'N',
  '\u2028': 'L',
  '\u2029': 'P',
};

function doubleQuoted(text: string, place: YamlPlace | undefined): string {
  const pieces = Array.from(text, (character) => {
    const short = SHORT[character];
    if (short !== undefined) return `\\${short}`;
    return UNPRINTABLE.test(character) ? hexEscape(character) : character;
  });
  return `"${place ? foldPieces(pieces, place) : pieces.join('')}"`;
}

function hexEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}
