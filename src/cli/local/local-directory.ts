import { lstatSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../kernel/errors.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import type { Checkout } from '../../repositories/domain/checkout.js';
import { treeOf, type TreeEntry } from '../../repositories/domain/git-tree.js';
import { readFailure, type ReadFailure } from '../../repositories/domain/read-failure.js';
import { TreeCheckout, type ReadBlobs } from '../../repositories/tree-checkout.js';
import { runLocalGit } from './local-git.js';

const MAX_FILES = 500_000;

/** A working tree's files as they are on disk: tracked, and untracked but not ignored. */
export async function workingTree(root: string): Promise<Result<Checkout, ReadFailure>> {
  const listed = await runLocalGit(['ls-files', '-z', '--cached', '--others', '--exclude-standard'], root);
  if (!listed.ok) return listed;
  const names = new Set(listed.value.toString('utf8').split('\0'));
  const entries = [...names].flatMap((name) => (name === '' ? [] : entryOf(root, name.replace(/\/$/, ''))));
  return checkoutOf(root, entries);
}

/** A directory that is no repository: every file below it. */
export async function plainDirectory(root: string): Promise<Result<Checkout, ReadFailure>> {
  const entries: TreeEntry[] = [];
  const open = [''];
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    for (const found of await readdir(join(root, directory), { withFileTypes: true })) {
      const path = directory === '' ? found.name : `${directory}/${found.name}`;
      if (found.isDirectory() && found.name !== '.git') open.push(path);
      else if (!found.isDirectory()) entries.push(...entryOf(root, path));
    }
    if (entries.length > MAX_FILES) {
      return fail(readFailure('GIT_TOO_LARGE', `${root} holds more than ${MAX_FILES} files`));
    }
  }
  return checkoutOf(root, entries);
}

/** A directory where a file was listed is a submodule. What is neither file, symlink nor directory is passed over. */
function entryOf(root: string, path: string): TreeEntry[] {
  const found = lstatSync(join(root, path), { throwIfNoEntry: false });
  // One tree is read once, so its place tells a file from all others.
  const entry = { path, sha: `${root}/${path}`, size: found?.size ?? 0 };
  if (found?.isSymbolicLink()) return [{ ...entry, kind: 'symlink' }];
  if (found?.isDirectory()) return [{ ...entry, kind: 'submodule', size: 0 }];
  if (found?.isFile()) return [{ ...entry, kind: found.mode & 0o100 ? 'executable' : 'file' }];
  return [];
}

function checkoutOf(root: string, entries: readonly TreeEntry[]): Result<Checkout, ReadFailure> {
  const tree = treeOf(entries);
  if (tree === undefined) return fail(readFailure('PATH_ESCAPE', `${root} holds a path that leaves it`));
  return ok(new TreeCheckout(root, tree, readBlobs(root)));
}

function readBlobs(root: string): ReadBlobs {
  const read = async ({ path, kind }: TreeEntry): Promise<Buffer> =>
    kind === 'symlink' ? Buffer.from(await readlink(join(root, path))) : readFile(join(root, path));
  return async (entries) => {
    try {
      const contents: Buffer[] = [];
      for (const entry of entries) contents.push(await read(entry));
      return ok(contents);
    } catch (error) {
      return fail(readFailure('GIT_STORAGE', `cannot read ${root}: ${messageOf(error)}`));
    }
  };
}
