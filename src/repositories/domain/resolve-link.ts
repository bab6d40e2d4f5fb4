import { type GitTree, type TreeEntry } from './git-tree.js';

/** As Linux: a path that passes more symlinks than this is a loop. */
const MAX_LINKS = 40;

export type Resolved = { ok: true; entry: TreeEntry } | { ok: false; why: 'missing' | 'escape' };

/**
 * What a path in a checkout would open, found in the tree alone, symlink by symlink as the kernel walks them: a chain
 * that leaves the repository on the way is an escape even where the text of each link looks harmless.
 * `targetOf` gives a symlink's text by its blob.
 */
export function resolvePath(tree: GitTree, path: string, targetOf: (sha: string) => string | undefined): Resolved {
  const pending = path.split('/').reverse();
  const reached: string[] = [];
  let links = 0;
  while (pending.length > 0) {
    const part = pending.pop() ?? '';
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (reached.pop() === undefined) return { ok: false, why: 'escape' };
      continue;
    }
    reached.push(part);
    const entry = tree.get(reached.join('/'));
    if (entry === undefined) return { ok: false, why: 'missing' };
    if (entry.kind !== 'symlink') continue;
    const target = targetOf(entry.sha);
    links += 1;
    if (target === undefined || target.startsWith('/') || links > MAX_LINKS) return { ok: false, why: 'escape' };
    reached.pop();
    pending.push(...target.split('/').reverse());
  }
  const entry = tree.get(reached.join('/'));
  return entry === undefined ? { ok: false, why: 'missing' } : { ok: true, entry };
}
