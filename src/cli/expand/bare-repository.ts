import { extname } from 'node:path';
import type { ReadFailure } from '../../expansion/reader.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import { isBlob, parseTree, type GitTree, type TreeEntry } from '../../repositories/domain/git-tree.js';
import { resolvePath } from '../../repositories/domain/resolve-link.js';
import { runLocalGit } from './local-git.js';
import type { LocalTree } from './local-tree.js';

const MAX_LINK_BYTES = 4096;
const READ_AHEAD_BYTES = 64 << 20;

/** The tree that HEAD names. */
export async function bareRepository(root: string): Promise<Result<LocalTree, ReadFailure>> {
  const id = await runLocalGit(['rev-parse', '--verify', '--quiet', 'HEAD^{tree}'], root);
  if (!id.ok) {
    return fail({ code: 'GIT_REVISION_NOT_FOUND', message: `HEAD of ${root} names no commit` });
  }
  const listed = await runLocalGit(['ls-tree', '-r', '-t', '-z', '-l', '--full-tree', 'HEAD'], root);
  if (!listed.ok) return listed;
  const tree = parseTree(id.value.toString('utf8').trim(), listed.value.toString('utf8'));
  if (tree === undefined) {
    return fail({ code: 'PATH_ESCAPE', message: `HEAD of ${root} holds a path that leaves its tree` });
  }
  const blobs = new Blobs(root, tree);
  const directories = tree.entries.filter(({ kind }) => kind === 'submodule').map(({ path }) => path);
  return ok({ files: tree.files(), directories, read: (path) => blobs.read(path) });
}

class Blobs {
  private readonly known = new Map<string, string>();

  constructor(
    private readonly root: string,
    private readonly tree: GitTree,
  ) {}

  async read(path: string): Promise<Result<string, ReadFailure>> {
    const targets = await this.load(this.tree.symlinks.filter(({ size }) => size <= MAX_LINK_BYTES));
    if (!targets.ok) return targets;
    const resolved = resolvePath(this.tree, path, (sha) => this.known.get(sha));
    if (!resolved.ok && resolved.why === 'escape') {
      return fail({ code: 'PATH_ESCAPE', message: `the path "${path}" leads out of ${this.root}` });
    }
    if (!resolved.ok || !isBlob(resolved.entry)) {
      return fail({ code: 'PATH_NOT_FOUND', message: `there is no file "${path}" at HEAD of ${this.root}` });
    }
    const loaded = await this.load(this.known.has(resolved.entry.sha) ? [] : this.alike(resolved.entry));
    return loaded.ok ? ok(this.known.get(resolved.entry.sha) ?? '') : loaded;
  }

  /** Files come one by one, a process for each would be slow: those of the same extension are likely asked for next. */
  private alike(entry: TreeEntry): TreeEntry[] {
    const chosen = [entry];
    let bytes = 0;
    for (const other of this.tree.entries) {
      if (!isBlob(other) || extname(other.path) !== extname(entry.path)) continue;
      if ((bytes += other.size) > READ_AHEAD_BYTES) break;
      chosen.push(other);
    }
    return chosen;
  }

  private async load(entries: readonly TreeEntry[]): Promise<Result<void, ReadFailure>> {
    const wanted = [...new Set(entries.map(({ sha }) => sha))].filter((sha) => !this.known.has(sha));
    if (wanted.length === 0) return ok(undefined);
    const output = await runLocalGit(['cat-file', '--batch'], this.root, `${wanted.join('\n')}\n`);
    if (!output.ok) return output;
    return this.keep(output.value)
      ? ok(undefined)
      : fail({ code: 'GIT_CORRUPT', message: `${this.root} lacks a file of HEAD` });
  }

  /** `<sha> blob <size>\n<content>\n` for each; anything else means that an object is missing. */
  private keep(output: Buffer): boolean {
    for (let at = 0; at < output.length;) {
      const end = output.indexOf('\n', at);
      const [sha = '', type, size] = output.toString('latin1', at, end).split(' ');
      if (type !== 'blob') return false;
      const start = end + 1;
      this.known.set(sha, output.toString('utf8', start, start + Number(size)));
      at = start + Number(size) + 1;
    }
    return true;
  }
}
