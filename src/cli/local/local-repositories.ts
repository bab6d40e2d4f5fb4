import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../kernel/errors.js';
import { fail, type Result } from '../../kernel/result.js';
import type { Checkout } from '../../repositories/domain/checkout.js';
import { normaliseRepoUrl } from '../../repositories/domain/normalise-url.js';
import { readFailure, type ReadFailure } from '../../repositories/domain/read-failure.js';
import { withoutCredentials } from '../../repositories/domain/repository-url.js';
import { usage } from '../usage.js';
import { bareRepository } from './bare-repository.js';
import type { GivenRepository } from './given-repository.js';
import { plainDirectory, workingTree } from './local-directory.js';

type Opened = Promise<Result<Checkout, ReadFailure>>;

/** Repositories as the command line gives them: one tree on disk for every revision. */
export class LocalRepositories {
  private readonly paths = new Map<string, string>();
  private readonly urls: readonly string[];
  private readonly opened = new Map<string, Opened>();

  /** Throws USAGE where two trees stand for one repository. */
  constructor(repositories: readonly GivenRepository[]) {
    this.urls = repositories.map(({ url }) => url);
    for (const { url, path } of repositories) {
      const known = this.paths.get(keyOf(url));
      if (known !== undefined && known !== path) throw usage(`--git gives ${url} twice, as ${known} and as ${path}`);
      this.paths.set(keyOf(url), path);
    }
  }

  /** Where the repository lies, if it was given. */
  pathOf(repoURL: string): string | undefined {
    return this.paths.get(keyOf(repoURL));
  }

  /** A repository that was not given fails, and says how to give it. */
  async open(repoURL: string): Opened {
    const path = this.paths.get(keyOf(repoURL));
    if (path === undefined) return fail(notGiven(repoURL, this.urls));
    const known = this.opened.get(path) ?? openTree(path);
    this.opened.set(path, known);
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
  return readFailure('GIT_NOT_GIVEN', message + remark);
}

/** Host and path alone: what two spellings of one repository have in common that Argo CD tells apart. */
function addressOf(url: string): string {
  const bare = keyOf(url)
    .replace(/^[a-z+]+:\/\//, '')
    .replace(/^[^/@]*@/, '');
  return bare.replace(/\/+$/, '').replace(/\.git$/, '');
}

async function openTree(path: string): Opened {
  try {
    return await openerOf(path)(path);
  } catch (error) {
    return fail(readFailure('GIT_STORAGE', `cannot read ${path}: ${messageOf(error)}`));
  }
}

function openerOf(path: string): (root: string) => Opened {
  if (existsSync(join(path, '.git'))) return workingTree;
  const isBare = ['HEAD', 'objects', 'refs'].every((name) => existsSync(join(path, name)));
  return isBare ? bareRepository : plainDirectory;
}
