import { Injectable } from '@nestjs/common';
import type { RemoteRead } from '../expansion/expansion.js';
import type { ReadCommit } from '../expansion/fetchers/fleet-expansion-reader.js';
import { mattersTo } from '../expansion/git-read-paths.js';
import { digestBytes } from '../kernel/digest.js';
import { isBlob, type GitTree, type TreeEntry } from '../repositories/domain/git-tree.js';
import { GitMirrors } from '../repositories/git/git-mirrors.js';

/** What one read of a Git generator depended on. */
export interface GitInput extends Pick<RemoteRead, 'repoURL' | 'revision' | 'kind' | 'patterns'> {
  sha: string;
  /** Of the directories that matter to it, or of the files and their contents. */
  digest: string;
}

/** Tells whether a push changed anything that a generator read. */
@Injectable()
export class GitInputs {
  constructor(private readonly git: GitMirrors) {}

  /** Undefined where that cannot be told for all of them: other kinds of reads, unreadable trees, symlinks. */
  async of(reads: readonly RemoteRead[], commits: readonly ReadCommit[]): Promise<GitInput[] | undefined> {
    const inputs: GitInput[] = [];
    for (const { repoURL, revision, kind, patterns } of reads) {
      const commit = commits.find((each) => each.repoURL === repoURL && each.revision === revision);
      if (!commit || (kind !== 'directories' && kind !== 'files')) return undefined;
      const read = { repoURL, revision, kind, patterns, sha: commit.sha };
      const digest = await this.digest(read);
      if (digest === undefined) return undefined;
      inputs.push({ ...read, digest });
    }
    return inputs;
  }

  /** Whether the revisions still stand for what was read; false where that cannot be told. */
  async areUnchanged(inputs: readonly GitInput[]): Promise<boolean> {
    for (const input of inputs) {
      const now = await this.git.resolve(input.repoURL, input.revision);
      if (!now.ok) return false;
      if (now.value.sha === input.sha) continue;
      if ((await this.digest({ ...input, sha: now.value.sha })) !== input.digest) return false;
      input.sha = now.value.sha;
    }
    return true;
  }

  private async digest(read: Omit<GitInput, 'digest'>): Promise<string | undefined> {
    const tree = await this.git.tree(read.repoURL, read.sha);
    const entries = tree.ok ? entriesOf(tree.value, read) : [];
    if (!tree.ok || entries.some(({ kind }) => kind === 'symlink')) return undefined;
    const lines = entries.map(({ path, sha }) => (read.kind === 'files' ? `${path}\0${sha}` : path));
    return digestBytes(lines.join('\0\0'));
  }
}

function entriesOf(tree: GitTree, read: Pick<GitInput, 'kind' | 'patterns'>): TreeEntry[] {
  const matters = mattersTo(read);
  const isKind = (entry: TreeEntry): boolean =>
    read.kind === 'directories' ? entry.kind === 'directory' : isBlob(entry);
  return tree.entries.filter((entry) => isKind(entry) && matters(entry.path));
}
