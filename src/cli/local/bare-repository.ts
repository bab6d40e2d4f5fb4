import { extname } from 'node:path';
import { fail, ok, type Result } from '../../kernel/result.js';
import type { Checkout } from '../../repositories/domain/checkout.js';
import { isBlob, parseTree, type TreeEntry } from '../../repositories/domain/git-tree.js';
import { readFailure, type ReadFailure } from '../../repositories/domain/read-failure.js';
import { BlobReader, type GitReads } from '../../repositories/git/blob-reader.js';
import { TreeCheckout } from '../../repositories/tree-checkout.js';
import { runLocalGit } from './local-git.js';

const READ_AHEAD_BYTES = 16 << 20;

/** The commit that HEAD names. */
export async function bareRepository(root: string): Promise<Result<Checkout, ReadFailure>> {
  const id = await runLocalGit(['rev-parse', '--verify', '--quiet', 'HEAD^{tree}'], root);
  if (!id.ok) return fail(readFailure('GIT_REVISION_NOT_FOUND', `HEAD of ${root} names no commit`));
  const listed = await runLocalGit(['ls-tree', '-r', '-t', '-z', '-l', '--full-tree', 'HEAD'], root);
  if (!listed.ok) return listed;
  const tree = parseTree(id.value.toString('utf8').trim(), listed.value.toString('utf8'));
  if (tree === undefined) {
    return fail(readFailure('PATH_ESCAPE', `HEAD of ${root} holds a path that leaves its tree`));
  }
  const ahead = new ReadAhead(tree.entries);
  const blobs = new BlobReader();
  const repository: GitReads = { read: (args, { input }) => runLocalGit(args, root, input) };
  return ok(
    new TreeCheckout(root, tree, async (entries) => {
      const read = await blobs.read(repository, [...entries, ...ahead.after(entries)]);
      return read.ok ? ok(read.value.slice(0, entries.length)) : read;
    }),
  );
}

/** Files come one by one, a process for each would be slow: those of the same extension are likely asked for next. */
class ReadAhead {
  private readonly known = new Set<string>();

  constructor(private readonly entries: readonly TreeEntry[]) {}

  after(asked: readonly TreeEntry[]): TreeEntry[] {
    const extensions = new Set(asked.map(({ path }) => extname(path)).filter((each) => !this.known.has(each)));
    let bytes = 0;
    return this.entries.filter((entry) => {
      if (!isBlob(entry) || !extensions.has(extname(entry.path))) return false;
      this.known.add(extname(entry.path));
      bytes += entry.size;
      return bytes <= READ_AHEAD_BYTES;
    });
  }
}
