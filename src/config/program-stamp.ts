import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What npm notes about everything it installed. */
const INSTALLED = join('node_modules', '.package-lock.json');

let known: string | undefined;

/**
 * Names the program that runs: its files as they are, the packages beside it and its Node. A version number would not
 * tell two builds of one version apart, and what one of them found settled another may want otherwise.
 */
export function programStamp(): string {
  known ??= stampOf(dirname(dirname(fileURLToPath(import.meta.url))));
  return known;
}

/** Of the program in a folder; source maps do not count. */
export function stampOf(folder: string): string {
  const hash = createHash('sha256').update(process.version);
  for (const file of filesBelow(folder)) hash.update(`\0${file}\0`).update(readFileSync(join(folder, file)));
  const installed = installedBeside(folder);
  if (installed !== undefined) hash.update('\0\0').update(readFileSync(installed));
  return `sha256:${hash.digest('hex')}`;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();
}

function installedBeside(folder: string): string | undefined {
  const candidate = join(folder, INSTALLED);
  if (existsSync(candidate)) return candidate;
  const parent = dirname(folder);
  return parent === folder ? undefined : installedBeside(parent);
}
