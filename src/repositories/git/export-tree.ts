import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail, ok, type Result } from '../../kernel/result.js';
import { isBlob, type GitTree, type TreeEntry } from '../domain/git-tree.js';
import { readFailure, type ReadFailure } from '../domain/read-failure.js';
import { resolvePath } from '../domain/resolve-link.js';

export interface ExportLimits {
  maxFiles: number;
  maxBytes: number;
}

/** The blobs that an export of these directories and files writes, or why it must not be written. Nothing is read yet. */
export function selectForExport(
  tree: GitTree,
  paths: readonly string[],
  limits: ExportLimits,
): Result<TreeEntry[], ReadFailure> {
  const selected = new Map<string, TreeEntry>();
  for (const path of paths) {
    const found = tree.get(path);
    if (found === undefined) return fail(readFailure('PATH_NOT_FOUND', `there is no "${path}" in the commit`));
    const entries = found.kind === 'directory' ? tree.under(path) : [found];
    for (const entry of entries) if (isBlob(entry)) selected.set(entry.path, entry);
  }
  const bytes = [...selected.values()].reduce((sum, entry) => sum + entry.size, 0);
  if (selected.size <= limits.maxFiles && bytes <= limits.maxBytes) return ok([...selected.values()]);
  const allowed = `${limits.maxFiles} files and ${limits.maxBytes} bytes are allowed`;
  return fail(readFailure('GIT_TOO_LARGE', `the source holds ${selected.size} files of ${bytes} bytes; ${allowed}`));
}

/** The first symlink that would let a reader of the export leave it. */
export function findEscape(
  tree: GitTree,
  entries: readonly TreeEntry[],
  targets: ReadonlyMap<string, string>,
): ReadFailure | undefined {
  for (const entry of entries) {
    if (entry.kind !== 'symlink') continue;
    const resolved = resolvePath(tree, entry.path, (sha) => targets.get(sha));
    if (resolved.ok || resolved.why === 'missing') continue;
    return readFailure('PATH_ESCAPE', `the symlink "${entry.path}" leads out of the repository`);
  }
  return undefined;
}

/**
 * Writes files first and symlinks last, so that no file is ever written through a link; `wx` refuses a tree that names
 * one path twice.
 */
export async function writeExport(
  into: string,
  entries: readonly TreeEntry[],
  contents: readonly Buffer[],
): Promise<Result<void, ReadFailure>> {
  try {
    for (const directory of new Set(entries.map((entry) => dirname(entry.path)))) {
      await mkdir(join(into, directory), { recursive: true });
    }
    for (const [index, entry] of entries.entries()) {
      if (entry.kind !== 'symlink') await writeFile(join(into, entry.path), contents[index] ?? '', { flag: 'wx' });
    }
    for (const [index, entry] of entries.entries()) {
      if (entry.kind === 'symlink') await symlink(contents[index]?.toString('utf8') ?? '', join(into, entry.path));
    }
    return ok(undefined);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
    return fail(readFailure('GIT_CORRUPT', 'the commit names one path twice'));
  }
}
