import { digestBytes } from '../../src/kernel/digest.js';
import { fail, ok, type Result } from '../../src/kernel/result.js';
import { GitTree, type TreeEntry } from '../../src/repositories/domain/git-tree.js';
import { readFailure, type ReadFailure } from '../../src/repositories/domain/read-failure.js';
import type { GitMirrors } from '../../src/repositories/git/git-mirrors.js';
import type { Interleaving, Life } from './interleaving.js';

export const REPOSITORY_URL = 'https://git.invalid/fleet.git';

type Files = ReadonlyMap<string, string>;

/** One Git repository, with all commits it ever had, and what is wrong with reading it. */
export class Repository {
  reads: 'work' | 'fail' | 'show nothing' = 'work';
  /** Something moved since whoever reads it was last woken. */
  moved = false;
  private readonly commits = new Map<string, Files>();
  private readonly trees = new Map<string, GitTree>();
  private readonly nothing = this.commit(new Map());
  /** Where the branch stands, whether or not it can be read. */
  head = this.nothing;

  /** Directory → object → value, as the wishes have it. */
  push(directories: ReadonlyMap<string, ReadonlyMap<string, string>>): void {
    const files = new Map<string, string>();
    for (const [directory, objects] of directories)
      for (const [name, value] of objects) files.set(`apps/${directory}/${name}.yaml`, manifest(name, value));
    this.head = this.commit(files);
    this.moved = true;
  }

  become(reads: Repository['reads']): void {
    this.reads = reads;
    this.moved = true;
  }

  tip(): Result<string, ReadFailure> {
    if (this.reads === 'fail') return fail(readFailure('GIT_UNREACHABLE', 'the repository does not answer'));
    return ok(this.reads === 'show nothing' ? this.nothing : this.head);
  }

  filesAt(sha: string): Result<Files, ReadFailure> {
    const files = this.commits.get(sha);
    if (this.reads === 'fail') return fail(readFailure('GIT_UNREACHABLE', 'the repository does not answer'));
    return files ? ok(files) : fail(readFailure('GIT_REVISION_NOT_FOUND', `no commit ${sha}`));
  }

  treeAt(sha: string): Result<GitTree, ReadFailure> {
    const files = this.filesAt(sha);
    return files.ok ? ok(this.contentOf(sha)) : files;
  }

  /** A commit's tree, past everything that is wrong with reading it. */
  contentOf(sha: string): GitTree {
    const tree = this.trees.get(sha) ?? new GitTree(sha, entriesOf(this.commits.get(sha) ?? new Map()));
    this.trees.set(sha, tree);
    return tree;
  }

  private commit(files: Files): string {
    const sha = digestBytes(JSON.stringify([...files].sort())).slice('sha256:'.length, 'sha256:'.length + 40);
    this.commits.set(sha, files);
    return sha;
  }
}

function manifest(name: string, value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { value: '${value}' }\n`;
}

/** The repository as one hub reads it. What the product asks of GitMirrors and nothing else. */
export class MemoryMirrors {
  constructor(
    protected readonly repository: Repository,
    private readonly interleaving: Interleaving,
    private readonly life: Life,
  ) {}

  static as(...parts: ConstructorParameters<typeof MemoryMirrors>): GitMirrors {
    return new MemoryMirrors(...parts) as unknown as GitMirrors;
  }

  async resolve(): Promise<Result<{ sha: string }, ReadFailure>> {
    await this.interleaving.turn(this.life);
    const tip = this.repository.tip();
    return tip.ok ? ok({ sha: tip.value }) : tip;
  }

  async tree(_url: string, sha: string): Promise<Result<GitTree, ReadFailure>> {
    await this.interleaving.turn(this.life);
    return this.repository.treeAt(sha);
  }

  async directories(url: string, sha: string): Promise<Result<string[], ReadFailure>> {
    const tree = await this.tree(url, sha);
    return tree.ok ? ok(tree.value.directories()) : tree;
  }

  async contents(_url: string, sha: string, paths: readonly string[]): Promise<Result<Buffer[], ReadFailure>> {
    await this.interleaving.turn(this.life);
    const files = this.repository.filesAt(sha);
    return files.ok ? ok(paths.map((path) => Buffer.from(files.value.get(path) ?? ''))) : files;
  }
}

/** Files and the directories above them, in walk order. */
function entriesOf(files: Files): TreeEntry[] {
  const entries = new Map<string, TreeEntry>();
  for (const [path, text] of files) {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth += 1) {
      const directory = parts.slice(0, depth).join('/');
      entries.set(directory, { path: directory, kind: 'directory', sha: `tree-${directory}`, size: 0 });
    }
    entries.set(path, { path, kind: 'file', sha: digestBytes(text), size: text.length });
  }
  const walk = (path: string): string => path.replaceAll('/', '\0');
  return [...entries.values()].sort((a, b) => (walk(a.path) < walk(b.path) ? -1 : 1));
}
