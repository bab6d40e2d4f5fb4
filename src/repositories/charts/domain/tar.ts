import { fail, ok, type Result } from '../../../kernel/result.js';

export interface TarEntry {
  /** As written, with slashes. */
  path: string;
  kind: 'file' | 'directory' | 'symlink' | 'hardlink' | 'other';
  content: Buffer;
  /** Of a link. */
  target: string;
}

/** Why an archive is not read. */
export interface TarFault {
  isTooLarge: boolean;
  message: string;
}

export interface TarLimits {
  maxEntries: number;
  maxPathLength: number;
}

const BLOCK = 512;
const KINDS: Readonly<Record<string, TarEntry['kind']>> = {
  '': 'file',
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '5': 'directory',
};

/** What the header that comes next is told by one before it: pax records, or GNU's long names. */
interface Extension {
  path?: string;
  target?: string;
}

/** The entries of a tar archive (ustar, pax and GNU names) without copying contents; fails with what is wrong with it. */
export function readTar(bytes: Buffer, limits: TarLimits): Result<TarEntry[], TarFault> {
  const entries: TarEntry[] = [];
  let extension: Extension = {};
  for (let at = 0; at + BLOCK <= bytes.length;) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const size = sizeIn(header);
    if (size === undefined || !hasValidSum(header)) return damaged('a header of the archive is damaged');
    const content = bytes.subarray(at + BLOCK, at + BLOCK + size);
    if (content.length < size) return damaged('the archive is cut short');
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const type = textIn(header, 156, 1);
    const told = extensionOf(type, content);
    if (told !== undefined) {
      extension = { ...extension, ...told };
      continue;
    }
    const entry = entryOf(header, type, content, extension);
    extension = {};
    if (entry.path.length > limits.maxPathLength || entry.target.length > limits.maxPathLength) {
      return tooLarge(`a name in the archive has more than ${limits.maxPathLength} characters`);
    }
    if (entries.push(entry) > limits.maxEntries)
      return tooLarge(`the archive holds more than ${limits.maxEntries} entries`);
  }
  return ok(entries);
}

function damaged(message: string): Result<never, TarFault> {
  return fail({ isTooLarge: false, message });
}

function tooLarge(message: string): Result<never, TarFault> {
  return fail({ isTooLarge: true, message });
}

function entryOf(header: Buffer, type: string, content: Buffer, extension: Extension): TarEntry {
  const prefix = textIn(header, 257, 6) === 'ustar' ? textIn(header, 345, 155) : '';
  const name = textIn(header, 0, 100);
  return {
    path: extension.path ?? (prefix === '' ? name : `${prefix}/${name}`),
    kind: KINDS[type] ?? 'other',
    content,
    target: extension.target ?? textIn(header, 157, 100),
  };
}

/** Undefined for a header that stands for an entry of its own. */
function extensionOf(type: string, content: Buffer): Extension | undefined {
  if (type === 'L') return { path: textIn(content, 0, content.length) };
  if (type === 'K') return { target: textIn(content, 0, content.length) };
  if (type === 'g') return {};
  return type === 'x' ? paxOf(content) : undefined;
}

/** Records are `<length> <key>=<value>\n`. */
function paxOf(content: Buffer): Extension {
  const told: Extension = {};
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const length = space < 0 ? 0 : Number(content.toString('latin1', at, space));
    if (!Number.isInteger(length) || length <= space - at || at + length > content.length) return told;
    const [key, value] = cut(content.toString('utf8', space + 1, at + length - 1));
    if (key === 'path') told.path = value;
    if (key === 'linkpath') told.target = value;
    at += length;
  }
  return told;
}

function cut(record: string): [string, string] {
  const at = record.indexOf('=');
  return at < 0 ? [record, ''] : [record.slice(0, at), record.slice(at + 1)];
}

/** Undefined where it is no octal number: binary sizes are for files of 8 GiB and more. */
function sizeIn(header: Buffer): number | undefined {
  const text = textIn(header, 124, 12).trim();
  return /^[0-7]*$/.test(text) ? Number.parseInt(text || '0', 8) : undefined;
}

function hasValidSum(header: Buffer): boolean {
  const written = Number.parseInt(textIn(header, 148, 8).trim() || '0', 8);
  let sum = 8 * 0x20;
  for (const [index, byte] of header.entries()) if (index < 148 || index >= 156) sum += byte;
  return sum === written;
}

function textIn(bytes: Buffer, start: number, length: number): string {
  const field = bytes.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? field.length : end);
}
