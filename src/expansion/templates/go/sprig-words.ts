import { normalizeName } from '../../normalize-name.js';
import { byteLength, byteText, sliceBytes, textOfBytes } from './bytes.js';
import type { CallContext } from './function.js';
import { separatedCase } from './separated-case.js';
import { of, ofMany, ofText, refuse, type NamedFunction } from './signatures.js';
import type { GoValue } from './values.js';
import { isSpace, pascalCase, swappedCase, titled, untitled } from './word-case.js';
import { wrapped } from './word-wrap.js';

/** Sprig's functions on words, and Argo CD's own on names. */
export const SPRIG_WORDS: readonly NamedFunction[] = [
  ['title', ofText(titled)],
  ['untitle', ofText(untitled)],
  ['swapcase', ofText(swappedCase)],
  ['snakecase', ofText((text) => separatedCase(text, '_'))],
  ['kebabcase', ofText((text) => separatedCase(text, '-'))],
  ['camelcase', ofText(pascalCase)],
  ['nospace', ofText(withoutSpace)],
  ['initials', ofText((text) => initials(byteText(text)))],
  ['abbrev', of(['int', 'string'], ([width, text]) => abbreviated(text as string, 0, Number(width)))],
  [
    'abbrevboth',
    of(['int', 'int', 'string'], ([left, right, text]) =>
      Number(left) > 0 && Number(right) < 7 ? text : abbreviated(text as string, Number(left), Number(right)),
    ),
  ],
  ['wrap', of(['int', 'string'], ([width, text], context) => wrap([width, '', text], false, context))],
  ['wrapWith', of(['int', 'string', 'string'], (args, context) => wrap(args, true, context))],
  ['normalize', ofText(normalizeName)],
  ['slugify', ofMany([], slugify)],
];

/** Go's library walks over bytes, and spoils what is no ASCII once it finds a space. */
function withoutSpace(text: string): string {
  const bytes = byteText(text);
  const kept = bytes.replace(/[\t-\r \x85\xa0]/g, '');
  return kept === bytes ? text : kept;
}

/** Byte by byte, as sprig does: other than ASCII does not survive. */
function initials(bytes: string): string {
  let isAfterSpace = true;
  let letters = '';
  for (const byte of bytes) {
    if (!isSpace(byte) && isAfterSpace) letters += byte;
    isAfterSpace = isSpace(byte);
  }
  return letters;
}

const MARK = '...';

function abbreviated(text: string, offset: number, width: number): string {
  const size = byteLength(text);
  if (width < 4 || size <= width) return text;
  const room = width - MARK.length;
  const from = Math.min(offset, size, Math.max(size - room, 0));
  if (from <= 4) return sliceBytes(text, 0, room) + MARK;
  if (from + room >= size) return MARK + sliceBytes(text, size - room, size);
  const rest = sliceBytes(text, from, size);
  return MARK + (room < 4 ? '' : abbreviated(rest, 0, room));
}

function wrap([width, newLine, text]: GoValue[], cutsWords: boolean, context: CallContext): string {
  const bytes = byteText(text as string);
  const separator = byteText(newLine as string) || '\n';
  context.charge(bytes.length);
  const longest = Math.max(Number(width), 1);
  context.charge(Math.ceil(bytes.length / (cutsWords ? longest : 1)) * separator.length);
  return textOfBytes(wrapped(bytes, longest, { newLine: separator, cutsWords }));
}

/** `slugify [most] [keepsWords] name`: a name of words and dashes, no longer than so many characters. */
function slugify(args: readonly GoValue[]): string {
  const name = args.length === 0 ? '' : args.at(-1);
  const most = args.length > 1 ? args[0] : 50n;
  const keepsWords = args.length > 2 ? args[1] : true;
  if (typeof name !== 'string') return refuse('slugify', 'the name must be text');
  if (typeof most !== 'bigint') return refuse('slugify', 'the length must be an int');
  if (typeof keepsWords !== 'boolean') return refuse('slugify', 'whether to keep words whole must be a bool');
  return slug(normalizeName(name), Number(most), keepsWords);
}

function slug(name: string, most: number, keepsWords: boolean): string {
  if (!keepsWords && most < 0) return refuse('slugify', 'the length must not be negative');
  const cut = keepsWords ? name : name.slice(0, most);
  const words = cut
    .replace(/[^a-z0-9-]+|-+/g, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^-|-$/g, '');
  if (!keepsWords || most <= 0 || words.length <= most) return words;
  const dash = words.lastIndexOf('-', most);
  return words.slice(0, dash < 0 ? most : dash);
}
