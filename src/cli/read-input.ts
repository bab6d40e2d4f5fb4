import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { messageOf } from '../kernel/errors.js';
import { usage } from './usage.js';

export interface InputText {
  /** As the user named it. */
  name: string;
  text: string;
}

const DOCUMENT_FILE = /\.(ya?ml|json)$/;

/**
 * Texts of files in the order given; of a directory its `.yaml`, `.yml` and `.json` files by name; `-` is standard
 * input. Throws USAGE for what cannot be read.
 */
export async function readInput(names: readonly string[], stdin: Readable): Promise<InputText[]> {
  const texts: InputText[] = [];
  for (const name of new Set(names)) {
    if (name === '-') texts.push({ name: 'standard input', text: decode(await buffer(stdin)) });
    else for (const file of await filesOf(name)) texts.push({ name: file, text: decode(await read(file)) });
  }
  return texts;
}

async function filesOf(name: string): Promise<string[]> {
  if (/^https?:\/\//.test(name)) throw usage(`${name} is a URL`, 'No network is used: download it and name the file.');
  const found = await stat(name).catch((error: unknown) => {
    throw usage(`cannot read ${name}: ${messageOf(error)}`);
  });
  if (!found.isDirectory()) return [name];
  const entries = await readdir(name);
  return entries
    .filter((entry) => DOCUMENT_FILE.test(entry))
    .sort()
    .map((entry) => join(name, entry));
}

async function read(file: string): Promise<Buffer> {
  return readFile(file).catch((error: unknown) => {
    throw usage(`cannot read ${file}: ${messageOf(error)}`);
  });
}

function decode(bytes: Buffer): string {
  return new TextDecoder().decode(bytes);
}
