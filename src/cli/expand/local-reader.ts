import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compareBytes } from '../../expansion/go-format.js';
import type { ClusterRecord, ExpansionReader, ReadFailure } from '../../expansion/reader.js';
import { messageOf } from '../../kernel/errors.js';
import { fail, ok, type Result } from '../../kernel/result.js';
import { normaliseRepoUrl } from '../../repositories/domain/normalise-url.js';
import { withoutCredentials } from '../../repositories/domain/repository-url.js';
import { usage } from '../usage.js';
import { bareRepository } from './bare-repository.js';
import type { GivenRepository } from './expand-options.js';
import { plainDirectory, workingTree, type LocalTree } from './local-tree.js';

type Tree = Result<LocalTree & { walked: readonly string[] }, ReadFailure>;

/** The world as the command line gives it: clusters of the input, and a local tree for every revision of a repository. */
export class LocalReader implements ExpansionReader {
  private readonly paths = new Map<string, string>();
  private readonly urls: readonly string[];
  private readonly trees = new Map<string, Promise<Tree>>();

  /** Throws USAGE where two trees stand for one repository. */
  constructor(
    private readonly fleet: readonly ClusterRecord[],
    repositories: readonly GivenRepository[],
  ) {
    this.urls = repositories.map(({ url }) => url);
    for (const { url, path } of repositories) {
      const known = this.paths.get(keyOf(url));
      if (known !== undefined && known !== path) throw usage(`--git gives ${url} twice, as ${known} and as ${path}`);
      this.paths.set(keyOf(url), path);
    }
  }

  clusters(): Promise<readonly ClusterRecord[]> {
    return Promise.resolve(this.fleet);
  }

  async gitDirectories(repoURL: string): Promise<Result<readonly string[], ReadFailure>> {
    const tree = await this.tree(repoURL);
    return tree.ok ? ok(tree.value.walked) : tree;
  }

  async gitFiles(repoURL: string): Promise<Result<readonly string[], ReadFailure>> {
    const tree = await this.tree(repoURL);
    return tree.ok ? ok(tree.value.files) : tree;
  }

  async gitFile(repoURL: string, _revision: string, path: string): Promise<Result<string, ReadFailure>> {
    const tree = await this.tree(repoURL);
    return tree.ok ? tree.value.read(path) : tree;
  }

  private tree(repoURL: string): Promise<Tree> {
    const path = this.paths.get(keyOf(repoURL));
    if (path === undefined) return Promise.resolve(fail(notGiven(repoURL, this.urls)));
    const known = this.trees.get(path) ?? openTree(path);
    this.trees.set(path, known);
    return known;
  }
}

/** URLs are compared as Argo CD does; a text that is no URL equals only itself. */
function keyOf(url: string): string {
  return normaliseRepoUrl(url) || url.trim();
}

function notGiven(repoURL: string, given: readonly string[]): ReadFailure {
  const shown = withoutCredentials(repoURL);
  const message = `the repository ${shown} is not given: add --git ${shown}=PATH (no network is used)`;
  const near = given.find((url) => addressOf(url) === addressOf(repoURL));
  const remark = near === undefined ? '' : `; ${withoutCredentials(near)} is another repository to Argo CD`;
  return { code: 'GIT_NOT_GIVEN', message: message + remark };
}

/** Host and path alone: what two spellings of one repository have in common that Argo CD tells apart. */
function addressOf(url: string): string {
  const bare = keyOf(url)
    .replace(/^[a-z+]+:\/\//, '')
    .replace(/^[^/@]*@/, '');
  return bare.replace(/\/+$/, '').replace(/\.git$/, '');
}

async function openTree(path: string): Promise<Tree> {
  try {
    const tree = await openerOf(path)(path);
    return tree.ok ? ok({ ...tree.value, walked: walkedDirectories(tree.value) }) : tree;
  } catch (error) {
    return fail({ code: 'GIT_STORAGE', message: `cannot read ${path}: ${messageOf(error)}` });
  }
}

function openerOf(path: string): (root: string) => Promise<Result<LocalTree, ReadFailure>> {
  if (existsSync(join(path, '.git'))) return workingTree;
  const isBare = ['HEAD', 'objects', 'refs'].every((name) => existsSync(join(path, name)));
  return isBare ? bareRepository : plainDirectory;
}

/** As a walk of the checkout meets them; directories whose name starts with a dot are not entered (1.3). */
function walkedDirectories({ files, directories }: LocalTree): string[] {
  const walked = new Set<string>();
  for (const path of [...files, ...directories.map((directory) => `${directory}/`)]) addParents(path, walked);
  return [...walked].sort((left, right) => compareBytes(left.replaceAll('/', '\0'), right.replaceAll('/', '\0')));
}

function addParents(path: string, walked: Set<string>): void {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const directory = path.slice(0, end);
    if (walked.has(directory)) return;
    if (!directory.split('/').some((segment) => segment.startsWith('.'))) walked.add(directory);
  }
}
