import { digestJson } from '../../kernel/digest.js';

export interface TreeEntry {
  /** From the repository's root, no leading slash. */
  path: string;
  kind: 'file' | 'executable' | 'symlink' | 'directory' | 'submodule';
  sha: string;
  /** Bytes; 0 for what is not a blob. */
  size: number;
}

const KINDS: Readonly<Record<string, TreeEntry['kind']>> = {
  '100644': 'file',
  '100664': 'file',
  '100755': 'executable',
  '120000': 'symlink',
  '040000': 'directory',
  '160000': 'submodule',
};

/**
 * Every entry of one commit, in the order a walk of the checkout meets them. Knows names and sizes, no contents, so a
 * path is judged before anything is read or written.
 */
export class GitTree {
  readonly symlinks: readonly TreeEntry[];
  private readonly position: ReadonlyMap<string, number>;

  constructor(
    readonly rootSha: string,
    readonly entries: readonly TreeEntry[],
  ) {
    this.symlinks = entries.filter((entry) => entry.kind === 'symlink');
    this.position = new Map(entries.map((entry, index) => [entry.path, index]));
  }

  /** The entry itself, a symlink not followed; the root is `''`. */
  get(path: string): TreeEntry | undefined {
    if (path === '') return { path: '', kind: 'directory', sha: this.rootSha, size: 0 };
    return this.entries[this.position.get(path) ?? -1];
  }

  /** Everything below a directory, the directory itself not included. */
  under(path: string): readonly TreeEntry[] {
    if (path === '') return this.entries;
    const start = this.position.get(path);
    if (start === undefined) return [];
    let end = start + 1;
    while (this.entries[end]?.path.startsWith(`${path}/`)) end += 1;
    return this.entries.slice(start + 1, end);
  }

  directories(): string[] {
    return this.entries.filter((entry) => entry.kind === 'directory').map((entry) => entry.path);
  }

  /** Files and symlinks, which a checkout would hold as something to open. */
  files(): string[] {
    return this.entries.filter((entry) => isBlob(entry)).map((entry) => entry.path);
  }
}

export function isBlob(entry: TreeEntry): boolean {
  return entry.kind === 'file' || entry.kind === 'executable' || entry.kind === 'symlink';
}

/** Reads `git ls-tree -r -t -z -l`. Undefined where the tree holds a name that no checkout could hold safely. */
export function parseTree(rootSha: string, output: string): GitTree | undefined {
  const entries: TreeEntry[] = [];
  for (const record of output.split('\0')) {
    if (record === '') continue;
    const tab = record.indexOf('\t');
    const [mode = '', , sha = '', size = '-'] = record.slice(0, tab).split(/ +/);
    const path = record.slice(tab + 1);
    const kind = KINDS[mode];
    if (kind === undefined || !isSafePath(path)) return undefined;
    entries.push({ path, kind, sha, size: size === '-' ? 0 : Number(size) });
  }
  return new GitTree(rootSha, entries.sort(byWalkOrder));
}

/**
 * A tree made of files, symlinks and submodules; the directories they need are added, each named by what it holds.
 * Undefined where two of them cannot lie beside each other, or one has a name that no checkout could hold safely.
 */
export function treeOf(leaves: readonly TreeEntry[]): GitTree | undefined {
  const root: Folder = { path: '', members: new Map() };
  for (const leaf of leaves) if (!isSafePath(leaf.path) || !place(root, leaf)) return undefined;
  const entries: TreeEntry[] = [];
  const rootSha = seal(root, entries);
  return new GitTree(rootSha, entries.sort(byWalkOrder));
}

interface Folder {
  path: string;
  members: Map<string, Folder | TreeEntry>;
}

function place(root: Folder, leaf: TreeEntry): boolean {
  const names = leaf.path.split('/');
  const last = names.pop() ?? '';
  let folder = root;
  for (const name of names) {
    const path = folder.path === '' ? name : `${folder.path}/${name}`;
    const next = folder.members.get(name) ?? { path, members: new Map() };
    if ('kind' in next) return false;
    folder.members.set(name, next);
    folder = next;
  }
  if (folder.members.has(last)) return false;
  folder.members.set(last, leaf);
  return true;
}

/** Adds everything below the folder to `entries`; answers the folder's own name. */
function seal(folder: Folder, entries: TreeEntry[]): string {
  const members = [...folder.members].sort(([left], [right]) => (left < right ? -1 : 1));
  const lines = members.map(([name, member]) => {
    if ('kind' in member) {
      entries.push(member);
      return [name, member.kind, member.sha];
    }
    const sha = seal(member, entries);
    entries.push({ path: member.path, kind: 'directory', sha, size: 0 });
    return [name, 'directory', sha];
  });
  return digestJson(lines);
}

/**
 * A path as users write it (`./apps//web/`), relative to the root: `apps/web`. Undefined when it is absolute or leaves
 * the repository.
 */
export function cleanPath(path: string): string | undefined {
  if (path.startsWith('/') || path.includes('\0')) return undefined;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

function isSafePath(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function byWalkOrder(left: TreeEntry, right: TreeEntry): number {
  const a = left.path.replaceAll('/', '\0');
  const b = right.path.replaceAll('/', '\0');
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
