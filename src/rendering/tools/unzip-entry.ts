import { createReadStream, createWriteStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

export interface ZipEntry {
  name: string;
  method: number;
  compressedSize: number;
  size: number;
  headerOffset: number;
}

const END_SIGNATURE = Buffer.from('504b0506', 'hex');
const END_MAX_BYTES = 65_557;
const DEFLATE = 8;

/** The directory of a ZIP file, read from its end; the contents are not touched. */
export async function listZip(path: string): Promise<ZipEntry[]> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const tail = await readAt(file, Math.max(0, size - END_MAX_BYTES), Math.min(END_MAX_BYTES, size));
    const end = tail.lastIndexOf(END_SIGNATURE);
    if (end < 0) throw new Error(`${path} is no ZIP file`);
    const directory = await readAt(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
    return parseDirectory(directory, tail.readUInt16LE(end + 10));
  } finally {
    await file.close();
  }
}

/** Streams one entry into a new executable file: memory stays small whatever its size. */
export async function unzipEntry(zip: string, entry: ZipEntry, into: string): Promise<void> {
  const file = await open(zip, 'r');
  const header = await readAt(file, entry.headerOffset, 30).finally(() => file.close());
  const start = entry.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const source = createReadStream(zip, { start, end: start + entry.compressedSize - 1 });
  const inflate = entry.method === DEFLATE ? createInflateRaw() : new PassThrough();
  await pipeline(source, inflate, createWriteStream(into, { mode: 0o755, flags: 'wx' }));
}

function parseDirectory(directory: Buffer, count: number): ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0, index = 0; index < count; index += 1) {
    const nameLength = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      compressedSize: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      headerOffset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
