import { compareBytes } from '../../expansion/go-format.js';
import type { ClusterRecord, ExpansionReader, ReadFailure } from '../../expansion/reader.js';
import { ok, type Result } from '../../kernel/result.js';
import type { GitTree } from '../../repositories/domain/git-tree.js';
import type { LocalRepositories } from '../local/local-repositories.js';

/** The world as the command line gives it: clusters of the input, and a local tree for every revision of a repository. */
export class LocalReader implements ExpansionReader {
  private readonly walked = new Map<GitTree, string[]>();

  constructor(
    private readonly fleet: readonly ClusterRecord[],
    private readonly repositories: LocalRepositories,
  ) {}

  clusters(): Promise<readonly ClusterRecord[]> {
    return Promise.resolve(this.fleet);
  }

  async gitDirectories(repoURL: string): Promise<Result<readonly string[], ReadFailure>> {
    const opened = await this.repositories.open(repoURL);
    return opened.ok ? ok(this.walkOf(opened.value.tree)) : opened;
  }

  async gitFiles(repoURL: string): Promise<Result<readonly string[], ReadFailure>> {
    const opened = await this.repositories.open(repoURL);
    return opened.ok ? ok(opened.value.tree.files()) : opened;
  }

  async gitFile(repoURL: string, _revision: string, path: string): Promise<Result<string, ReadFailure>> {
    const opened = await this.repositories.open(repoURL);
    if (!opened.ok) return opened;
    const contents = await opened.value.contents([path]);
    return contents.ok ? ok(contents.value[0]?.toString('utf8') ?? '') : contents;
  }

  private walkOf(tree: GitTree): readonly string[] {
    const walked = this.walked.get(tree) ?? walkedDirectories(tree);
    this.walked.set(tree, walked);
    return walked;
  }
}

/** As a walk of the checkout meets them; directories whose name starts with a dot are not entered (1.3). */
function walkedDirectories({ entries }: GitTree): string[] {
  return entries
    .filter(({ kind, path }) => (kind === 'directory' || kind === 'submodule') && !isHidden(path))
    .map(({ path }) => path)
    .sort((left, right) => compareBytes(left.replaceAll('/', '\0'), right.replaceAll('/', '\0')));
}

function isHidden(path: string): boolean {
  return path.split('/').some((segment) => segment.startsWith('.'));
}
