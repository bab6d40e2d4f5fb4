import { lstatSync } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fail, ok, type Result } from '../../kernel/result.js';
import type { ReadFailure } from '../../expansion/reader.js';
import { runLocalGit } from './local-git.js';

/** What stands for every revision of one repository. Paths are relative to its root, in no order. */
export interface LocalTree {
  /** Files and symlinks. */
  files: readonly string[];
  /** Directories that no file tells of: submodules. */
  directories: readonly string[];
  read(path: string): Promise<Result<string, ReadFailure>>;
}

const MAX_FILES = 500_000;
const MAX_FILE_BYTES = 10 << 20;

/** A working tree's files as they are on disk: tracked, and untracked but not ignored. */
export async function workingTree(root: string): Promise<Result<LocalTree, ReadFailure>> {
  const listed = await runLocalGit(['ls-files', '-z', '--cached', '--others', '--exclude-standard'], root);
  if (!listed.ok) return listed;
  const names = new Set(listed.value.toString('utf8').split('\0'));
  const files: string[] = [];
  const directories: string[] = [];
  for (const name of names) {
    const path = name.replace(/\/$/, '');
    const found = path === '' ? undefined : lstatSync(join(root, path), { throwIfNoEntry: false });
    if (found?.isDirectory()) directories.push(path);
    else if (found) files.push(path);
  }
  return ok({ files, directories, read: (path) => readInside(root, path) });
}

/** A directory that is no repository: every file below it. */
export async function plainDirectory(root: string): Promise<Result<LocalTree, ReadFailure>> {
  const files: string[] = [];
  const open = [''];
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    for (const entry of await readdir(join(root, directory), { withFileTypes: true })) {
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
      if (entry.isDirectory() && entry.name !== '.git') open.push(path);
      else if (entry.isFile() || entry.isSymbolicLink()) files.push(path);
    }
    if (files.length > MAX_FILES) {
      return fail({ code: 'GIT_TOO_LARGE', message: `${root} holds more than ${MAX_FILES} files` });
    }
  }
  return ok({ files, directories: [], read: (path) => readInside(root, path) });
}

/** What opening the path would read; symlinks are followed inside the tree only. */
async function readInside(root: string, path: string): Promise<Result<string, ReadFailure>> {
  const missing = { code: 'PATH_NOT_FOUND', message: `there is no file "${path}" in ${root}` };
  const [top, file] = [await realpath(root), await realpath(join(root, path)).catch(() => undefined)];
  if (file === undefined) return fail(missing);
  if (!file.startsWith(top.endsWith(sep) ? top : `${top}${sep}`)) {
    return fail({ code: 'PATH_ESCAPE', message: `the path "${path}" leads out of ${root}` });
  }
  const found = await stat(file);
  if (!found.isFile()) return fail(missing);
  if (found.size > MAX_FILE_BYTES) {
    const message = `the file "${path}" has ${found.size} bytes, ${MAX_FILE_BYTES} are read`;
    return fail({ code: 'GIT_TOO_LARGE', message });
  }
  return ok(await readFile(file, 'utf8'));
}
